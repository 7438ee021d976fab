#!/bin/sh
# Runs the long tests of delivery: real services from their bundles, push over sshd, installations that are killed or fail at each step.
# `sh tests/delivery.sh [arguments of the test program]`, as root on Debian.
#
# First it installs the services that are missing. Debian's packages start what they install: policy-rc.d says that they may not, as long as this
# script runs. Each test starts its service itself, as the service's own user, in a directory of its own, on loopback.
set -eu
cd "$(dirname "$0")/.."

# A program that must be there, and the Debian package that brings it.
needed() {
    cat <<'LIST'
nginx nginx-light
apache2 apache2
haproxy haproxy
psql postgresql
mariadbd mariadb-server
redis-server redis-server
rabbitmqctl rabbitmq-server
slapd slapd
ldapmodify ldap-utils
postfix postfix
dovecot dovecot-imapd
/usr/lib/dovecot/pop3-login dovecot-pop3d
vsftpd vsftpd
mosquitto mosquitto
mosquitto_pub mosquitto-clients
stunnel4 stunnel4
/usr/share/tomcat10/bin/catalina.sh tomcat10
prometheus prometheus
keytool default-jdk-headless
sshd openssh-server
ssh-keygen openssh-client
busybox busybox
csh csh
fish fish
shellcheck shellcheck
trust p11-kit
certutil libnss3-tools
unshare util-linux
busybox busybox
setpriv util-linux
curl curl
LIST
}

if [ "$(id -u)" != 0 ]; then
    # What the tests build stays with root, so this is the way for a machine that is thrown away.
    command -v sudo > /dev/null 2>&1 && exec sudo -E env "PATH=$PATH" sh tests/delivery.sh "$@"
    echo "tests/delivery.sh: services run as their own users, so root must start it" >&2
    exit 3
fi

. tests/packages.sh
install_missing tests/delivery.sh needed

cargo test --test it -- --ignored "$@"
