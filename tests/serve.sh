#!/bin/sh
# Runs the long tests of the server: the ACME clients that people use, load, and processes that are killed.
# `sh tests/serve.sh [arguments of the test program]`, as root on Debian.
#
# First it installs the clients that are missing. Everything listens on loopback.
set -eu
cd "$(dirname "$0")/.."

# A program that must be there, and the Debian package that brings it.
needed() {
    cat <<'LIST'
certbot certbot
lego lego
dehydrated dehydrated
uacme uacme
acme-tiny acme-tiny
caddy caddy
apache2 apache2
pebble-challtestsrv pebble
curl curl
openssl openssl
certtool gnutls-bin
LIST
}

if [ "$(id -u)" != 0 ]; then
    # What the tests build stays with root, so this is the way for a machine that is thrown away.
    command -v sudo > /dev/null 2>&1 && exec sudo -E env "PATH=$PATH" sh tests/serve.sh "$@"
    echo "tests/serve.sh: clients bind ports and are installed here, so root must start it" >&2
    exit 3
fi

. tests/packages.sh
install_missing tests/serve.sh needed

cargo test -p gsec-server --test serve -- --ignored "$@"
