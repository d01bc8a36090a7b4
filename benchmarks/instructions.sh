#!/usr/bin/env bash
# Instructions of the core per firm-month, counted by valgrind: the same on every run, whatever else the machine does. Two runs of
# different numbers of paths are subtracted, so that what is done once drops out. Only what stands in the core is counted: what
# Python does before and after differs by more from run to run than a mechanism costs, and what libc copies and clears with it.
# Usage: benchmarks/instructions.sh [python]
set -euo pipefail
cd "$(dirname "$0")"
python=${1:-../.venv/bin/python}
if ! command -v valgrind > /dev/null; then
    echo 'valgrind is not here; on Debian: apt-get install valgrind'
    exit 0
fi

scratch=$(mktemp --directory)
trap 'rm -rf "$scratch"' EXIT
# Modules are compiled once, not under valgrind.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$scratch PYTHONHASHSEED=0
"$python" once.py --paths 16

# Adds up what a file of callgrind says of the core itself. `ob=` names an object, or `cob=` one that is called, once with a number
# and later by that alone; the line behind `calls=` counts what was called.
of_core() {
    awk '
        /^c?ob=/ { split(substr($0, index($0, "=") + 1), part, " "); if (part[2] != "") core[part[1]] = part[2] ~ /\/_core\.[^\/]*so$/ }
        /^ob=/ { here = core[part[1]] }
        /^calls=/ { called = 1; next }
        /^[0-9+*-]/ { if (!called && here) sum += $2; called = 0 }
        END { printf "%.0f\n", sum }
    ' "$1"
}

# Instructions of the core in one run: companies, contracts, months, paths.
count() {
    valgrind --quiet --tool=callgrind --callgrind-out-file="$scratch/out" \
        "$python" once.py --companies "$1" --contracts "$2" --months "$3" --paths "$4"
    of_core "$scratch/out"
}

# Companies and contracts are those of the benchmark; months and paths are fewer, since valgrind is slow.
while read -r size companies contracts months few many; do
    low=$(count "$companies" "$contracts" "$months" "$few") high=$(count "$companies" "$contracts" "$months" "$many")
    per=$(((high - low) / ((many - few) * companies * months)))
    echo "$size: $per instructions per firm-month ($companies companies, $contracts contracts, $months months)"
done << 'SIZES'
small 12 36 60 64 320
medium 200 2000 12 16 80
large 10000 100000 3 16 32
SIZES
