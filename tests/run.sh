#!/bin/sh
# Runs all tests: `sh tests/run.sh [arguments of cargo test]`.
#
# First it installs, on Debian and its relatives, the programs that gsec must agree with, and puts Python's libraries into a virtual
# environment under target/peers. A second run finds everything in place and goes straight to the tests.
set -eu
cd "$(dirname "$0")/.."

peers=target/peers
venv=$PWD/$peers/venv
libraries=tests/python/requirements.txt

# A command that must be there, and the Debian package that brings it.
needed() {
    cat <<'LIST'
cc gcc
c++ g++
openssl openssl
certtool gnutls-bin
ocsptool gnutls-bin
certutil libnss3-tools
pk12util libnss3-tools
javac default-jdk-headless
keytool default-jdk-headless
python3 python3
nginx nginx-light
ssh-keygen openssh-client
sshd openssh-server
sudo sudo
csh csh
curl curl
pebble-challtestsrv pebble
age age
dnsmasq dnsmasq-base
chattr e2fsprogs
age-keygen age
node nodejs
vfychain libnss3-tools
prlimit util-linux
strace strace
systemd-analyze systemd
shellcheck shellcheck
busybox busybox
setsid util-linux
faketime faketime
git git
setpriv util-linux
zstd zstd
setfacl acl
unshare util-linux
mount mount
trust p11-kit
nft nftables
iptables-restore iptables
tstclnt libnss3-tools
update-ca-certificates ca-certificates
dpkg-shlibdeps dpkg-dev
lintian lintian
zip zip
unzip unzip
bzip2 bzip2
xz xz-utils
bash bash
zsh zsh
fish fish
man man-db
groff groff-base
LIST
}

missing_packages() {
    needed | while read -r command package; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$command" > /dev/null 2>&1 || echo "$package"
    done | sort -u
}

# install_packages PACKAGE... as root, or says what to install and ends.
install_packages() {
    if ! command -v apt-get > /dev/null 2>&1; then
        echo "tests/run.sh: please install what Debian calls: $*" >&2
        exit 3
    elif [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo > /dev/null 2>&1; then
        as_root=sudo
    else
        echo "tests/run.sh: neither root nor sudo; as root, type: apt-get install $*" >&2
        exit 3
    fi
    echo "tests/run.sh: installing $*" >&2
    # A list of packages that is too old names files that are gone from the mirror: hence the update and the second try.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2 ||
        { $as_root apt-get update >&2 && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2; } ||
        { echo "tests/run.sh: cannot install $*" >&2; exit 3; }
}

# fill_venv PYTHON: makes the virtual environment afresh; fails where this Python cannot, or is too old for the libraries.
fill_venv() {
    rm -rf "$venv"
    mkdir -p "$peers"
    { "$1" -m venv "$venv" && "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$libraries"; } > "$peers/venv.log" 2>&1 &&
        cp "$libraries" "$venv/installed.txt"
}

# Any Python will do: the one on PATH, else Debian's.
python_libraries() {
    cmp -s "$libraries" "$venv/installed.txt" && "$venv/bin/python" -c 'import ansible, cryptography, jsonschema, kubernetes_validate, pkilint, tree_sitter_powershell' 2> /dev/null && return
    echo "tests/run.sh: making the virtual environment $venv" >&2
    fill_venv python3 && return
    install_packages python3 python3-venv
    fill_venv /usr/bin/python3 && return
    cat "$peers/venv.log" >&2
    echo "tests/run.sh: no Python here can install $libraries" >&2
    exit 3
}

packages=$(missing_packages)
# shellcheck disable=SC2086 # one word per package
[ -z "$packages" ] || install_packages $packages
python_libraries

GSEC_PEER_PYTHON=$venv/bin/python
export GSEC_PEER_PYTHON

# Public suites of path validation, where they lie beside the project; tests/it/interop/conformance.rs prints the scores.
conformance=$PWD/../shared/conformance
[ -n "${X509_LIMBO:-}" ] || [ ! -f "$conformance/limbo/limbo.json" ] || X509_LIMBO=$conformance/limbo
[ -n "${PKITS:-}" ] || [ ! -f "$conformance/pkits/pkits.json" ] || PKITS=$conformance/pkits
[ -z "${X509_LIMBO:-}" ] || export X509_LIMBO
[ -z "${PKITS:-}" ] || export PKITS
# Many tests wait for a peer, a disk or a clock: one thread more than there are processors keeps all of them busy.
RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(nproc) + 1))}
export RUST_TEST_THREADS
exec cargo test --workspace "$@"
