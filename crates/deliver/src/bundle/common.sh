
# ---- What every script of a bundle does.

have() { command -v "$1" > /dev/null 2>&1; }

# tell TEXT: on the error stream, without what would mean something to a terminal.
tell() {
    if have tr; then
        printf 'install.sh: %s\n' "$1" | tr -d '\000-\010\013-\037\177' >&2
    else
        printf 'install.sh: it ends, and there is no tr to say why safely\n' >&2
    fi
}

# fail STATUS TEXT
fail() {
    ended=yes
    tell "$2"
    exit "$1"
}

# What is taken away at every end, and what is put back at one that nobody expected; scripts that do more have functions of their own.
clean_up() { :; }
put_back() { stands='nothing was changed'; }

# Every end that is neither fail nor the last line says what is so then, and is status 3.
ended=no
stopped_by=
at_end() {
    end_status=$?
    trap - EXIT
    trap '' HUP INT TERM PIPE
    set +e
    if [ "$ended" = no ] && [ "$end_status" != 0 ]; then
        end_status=3
        stands=
        put_back
        if [ -n "$stopped_by" ]; then
            tell "stopped by signal $stopped_by: $stands"
        else
            tell "a command failed (see above): $stands"
        fi
    fi
    clean_up
    exit "$end_status"
}
watch_end() {
    trap at_end EXIT
    trap 'stopped_by=HUP && exit 3' HUP
    trap 'stopped_by=INT && exit 3' INT
    trap 'stopped_by=TERM && exit 3' TERM
    trap 'stopped_by=PIPE && exit 3' PIPE
}
watch_end

# misused TEXT: the command line is not understood.
misused() { fail 2 "$1; sh install.sh --help says what there is"; }

# expect_value FLAG [VALUE]: the value that a flag must have; another flag is none.
expect_value() {
    case ${2:-} in
        '' | -*) misused "$1 lacks its value" ;;
    esac
}

choose_digest_tool() {
    if have sha256sum; then
        digest_tool=sha256sum
    elif have shasum; then
        digest_tool=shasum
    elif have openssl; then
        digest_tool=openssl
    elif have sha256; then
        digest_tool=sha256
    else
        fail 3 'none of sha256sum, shasum, openssl and sha256 is here: cannot check the files; nothing was changed'
    fi
}

# digest FILE: its SHA-256
digest() {
    case $digest_tool in
        sha256sum) sha256sum < "$1" | cut -c 1-64 ;;
        shasum) shasum -a 256 < "$1" | cut -c 1-64 ;;
        openssl) openssl dgst -sha256 < "$1" | sed 's/^.*[ =]//' ;;
        sha256) sha256 < "$1" | sed 's/^.*[ =]//' ;;
    esac
}

# expect_readable FOLDER: every file of FOLDER/SHA256SUMS that is there can be read.
expect_readable() {
    [ ! -e "$1/SHA256SUMS" ] || [ -r "$1/SHA256SUMS" ] || fail 3 "cannot read SHA256SUMS; nothing was changed"
    [ -f "$1/SHA256SUMS" ] || return 0
    while read -r _ readable_name; do
        [ ! -e "$1/$readable_name" ] || [ -r "$1/$readable_name" ] || fail 3 "cannot read $readable_name of this directory; nothing was changed"
    done < "$1/SHA256SUMS"
}

# is_intact FOLDER: every file is as FOLDER/SHA256SUMS has it.
is_intact() {
    [ -f "$1/SHA256SUMS" ] || return 1
    while read -r intact_sum intact_name; do
        [ -f "$1/$intact_name" ] && [ ! -L "$1/$intact_name" ] || return 1
        [ "$(digest "$1/$intact_name")" = "$intact_sum" ] || return 1
    done < "$1/SHA256SUMS"
}

# Enters the directory of this script.
enter_bundle() {
    case $0 in
        */*) here=${0%/*} ;;
        *) here=. ;;
    esac
    case $here in
        '') here=/ ;;
        -*) here=./$here ;;
    esac
    cd "$here" || fail 3 'cannot enter the directory of install.sh; nothing was changed'
}
