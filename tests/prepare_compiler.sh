#!/bin/sh
# The extra `fix` is compiled from source: it needs a C++ compiler and Python's headers.
set -eu
python=$1

has_headers() {
    "$python" -c 'import os, sysconfig, sys; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'
}
if command -v g++ >/dev/null && has_headers; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing g++ and python3-dev"
    apt-get update -qq && apt-get install -qq --yes --no-install-recommends g++ python3-dev >/dev/null
else
    echo "g++ or Python.h is missing; on Debian: apt-get install g++ python3-dev" >&2
    exit 1
fi
