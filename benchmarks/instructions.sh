#!/usr/bin/env bash
# Instructions per firm-month, counted by valgrind: the same on every run, whatever else the machine does. Two runs of
# different numbers of paths are subtracted, so that start and imports drop out.
# Usage: benchmarks/instructions.sh [python]
set -euo pipefail
cd "$(dirname "$0")"
python=${1:-../.venv/bin/python}
if ! command -v valgrind > /dev/null; then
    echo 'valgrind is not here; on Debian: apt-get install valgrind'
    exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Instructions of one run: companies, contracts, months, paths.
count() {
    PYTHONHASHSEED=0 valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$log" \
        "$python" once.py --companies "$1" --contracts "$2" --months "$3" --paths "$4"
    sed -n 's/.*Collected : //p' "$log"
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
