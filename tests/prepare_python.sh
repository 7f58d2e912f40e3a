#!/bin/sh
# Make the virtual environment; on Debian the venv module is a package of its own.
set -eu
python=$1 venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "wattbook needs Python 3.11 or newer, found $("$python" --version); set PYTHON=..." >&2
    exit 1
}
if ! "$python" -c 'import ensurepip' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing python3-venv"
    apt-get update -qq && apt-get install -qq --yes --no-install-recommends python3-venv >/dev/null
fi
"$python" -m venv "$venv" || {
    echo "no virtual environment could be made; on Debian: apt-get install python3-venv" >&2
    exit 1
}
