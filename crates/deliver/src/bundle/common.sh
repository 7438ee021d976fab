
# ---- What every script of a bundle does.

# fail STATUS TEXT: without what would mean something to a terminal.
fail() {
    printf 'install.sh: %s\n' "$2" | tr -d '\000-\010\013-\037\177' >&2
    exit "$1"
}

have() { command -v "$1" > /dev/null 2>&1; }

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
        fail 3 'none of sha256sum, shasum, openssl and sha256 is here: cannot check the files'
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
    cd "$here" || fail 3 'cannot enter the directory of install.sh'
}
