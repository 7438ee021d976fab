# shellcheck shell=sh
# Sourced by scripts that need programs of Debian's, as root: `install_missing SCRIPT LIST`, where LIST prints a program and the package that
# brings it on each line. What a package starts by itself is not started (invoke-rc.d(8) asks policy-rc.d).

policy=/usr/sbin/policy-rc.d
made_policy=no
undo_policy() {
    [ "$made_policy" = no ] || rm -f "$policy"
    made_policy=no
}
trap undo_policy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

missing_of() {
    "$1" | while read -r command package; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$command" > /dev/null 2>&1 || echo "$package"
    done | sort -u
}

install_missing() {
    packages=$(missing_of "$2")
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086 # one word per package
    command -v apt-get > /dev/null 2>&1 || { echo "$1: please install what Debian calls:" $packages >&2; exit 3; }
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod 0755 "$policy"
        made_policy=yes
    fi
    # shellcheck disable=SC2086 # one word per package
    echo "$1: installing" $packages >&2
    # shellcheck disable=SC2086 # one word per package
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages >&2 ||
        { apt-get update >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages >&2; } ||
        { echo "$1: cannot install" $packages >&2; exit 3; }
    undo_policy
}
