#!/usr/bin/env bash
# Installs wheels in a Debian root that has Python and nothing else (no compiler, no Rust, no checkout), and runs the main job
# there: `tools/clean_root.sh dist`. Needs to be root on a Debian, with debootstrap and pip.
set -euo pipefail

wheels=$(realpath "${1:?which folder has the wheels?}")
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap > /dev/null; then
    echo 'A clean root needs root and debootstrap. Try: apt-get install debootstrap' >&2
    exit 1
fi
root=$(mktemp --directory)
trap 'rm -rf "$root"' EXIT

# Where this machine gets its own packages.
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(SITE)' | head -1)
debootstrap --variant=minbase --include=python3-venv stable "$root" "$mirror" > /dev/null
version=$(chroot "$root" python3 -c 'import sys; print(*sys.version_info[:2], sep=".")')
python3 -m pip download --quiet --only-binary :all: --python-version "$version" --dest "$root/wheels" "$wheels"/*.whl

for tool in cc gcc ld cargo rustc; do
    if chroot "$root" sh -c "command -v $tool"; then
        echo "$tool is in the clean root, which should have none" >&2
        exit 1
    fi
done
chroot "$root" python3 -m venv /venv
chroot "$root" sh -c '/venv/bin/pip install --quiet --no-index --find-links /wheels /wheels/cashcade*.whl'
chroot "$root" /venv/bin/cashcade run ai-2025-08 --months 36 --paths 10000 --seed 1
