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
dnsmasq dnsmasq-base
age age
age-keygen age
pebble pebble
strace strace
unshare util-linux
/usr/lib/systemd/systemd systemd
nft nftables
ip iproute2
mount mount
curl curl
openssl openssl
certtool gnutls-bin
javac default-jdk-headless
crlutil libnss3-tools
certutil libnss3-tools
faketime faketime
prometheus-alertmanager prometheus-alertmanager
rsyslogd rsyslog
/usr/share/doc/rsyslog-gnutls/copyright rsyslog-gnutls
/usr/share/doc/python3-aiosmtpd/copyright python3-aiosmtpd
python3 python3
node nodejs
npm npm
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

# Clients that Debian has no such version of, each in a folder of its own; a second run finds them in place.
peers=$PWD/target/peers
certbot=certbot==5.8.0
acme_client=acme-client@5.4.0

# Any Python that is new enough will do: the one on PATH, else Debian's.
fill_certbot() {
    rm -rf "$peers/certbot"
    "$1" -m venv "$peers/certbot" && "$peers/certbot/bin/python" -m pip install --quiet --disable-pip-version-check "$certbot" &&
        echo "$certbot" > "$peers/certbot/installed.txt"
}

venv_package() {
    cat <<'LIST'
/usr/share/doc/python3-venv/copyright python3-venv
LIST
}

mkdir -p "$peers"
if [ "$(cat "$peers/certbot/installed.txt" 2> /dev/null)" != "$certbot" ]; then
    echo "tests/serve.sh: installing $certbot" >&2
    fill_certbot python3 || { install_missing tests/serve.sh venv_package && fill_certbot /usr/bin/python3; } ||
        { echo "tests/serve.sh: cannot install $certbot" >&2; exit 3; }
fi
if [ "$(cat "$peers/node/installed.txt" 2> /dev/null)" != "$acme_client" ]; then
    echo "tests/serve.sh: installing $acme_client" >&2
    rm -rf "$peers/node"
    npm install --silent --no-audit --no-fund --prefix "$peers/node" "$acme_client" >&2 ||
        { echo "tests/serve.sh: cannot install $acme_client" >&2; exit 3; }
    echo "$acme_client" > "$peers/node/installed.txt"
fi

cargo test -p gsec-server --test serve -- --ignored "$@"
