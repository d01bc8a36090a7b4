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

companies=12 months=60 few=64 many=320
log=$(mktemp)
trap 'rm -f "$log"' EXIT

count() {
    PYTHONHASHSEED=0 valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$log" \
        "$python" once.py --companies "$companies" --months "$months" --paths "$1"
    sed -n 's/.*Collected : //p' "$log"
}

low=$(count "$few") high=$(count "$many")
echo "$(((high - low) / ((many - few) * companies * months))) instructions per firm-month ($companies companies, $months months)"
