#!/bin/sh
# The servers that tests talk to. Each test run starts its own, on a port of its own.
set -eu

if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing PostgreSQL"
    # The package would start a server of its own on the standard port; ours are private.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    apt-get update -qq && apt-get install -qq --yes --no-install-recommends postgresql >/dev/null
else
    echo "PostgreSQL is missing, its tests will be skipped; on Debian: apt-get install postgresql" >&2
fi
