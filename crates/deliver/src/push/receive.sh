# ---- What arrives.

# Nothing is run that comes over the connection, and no other program unpacks it.

most=4194304
settings_folder=/etc/gsec/receive.d
takes_commands=yes
me=$(id -u)

refuse() { fail 2 "refused: $1; nothing was changed"; }

# expect_own_file FILE: nobody but root and who runs this can change it.
expect_own_file() {
    own_facts=$(attributes "$1")
    own_owner=${own_facts#* }
    case ${own_owner% *} in
        0 | "$me") ;;
        *) fail 3 "$1 belongs to another user; nothing was changed" ;;
    esac
    case $own_facts in
        -????-??-*) ;;
        *) fail 3 "others can write $1; nothing was changed" ;;
    esac
}

# field AT LENGTH: characters of the header that begins at $block
field() { dd if=.archive bs=1 skip="$((block * 512 + $1))" count="$2" 2> /dev/null | tr -d '\000'; }

is_admitted() {
    case $1 in
        manifest.json | SHA256SUMS) return 0 ;;
        aliases) [ "$takes_aliases" = yes ] ;;
        *)
            case " $known_names " in *" $1 "*) ;; *) return 1 ;; esac
            ;;
    esac
}

# take_member: one file of the archive, whose header begins at $block; 1 at its end.
take_member() {
    member=$(field 0 100)
    [ -n "$member" ] || return 1
    is_plain "$member" && is_admitted "$member" || refuse 'the archive has a file that does not belong here'
    case $(field 156 1) in
        0 | '') ;;
        *) refuse "$member is not a regular file" ;;
    esac
    [ -z "$(field 157 100)$(field 345 155)" ] || refuse "$member leads elsewhere"
    [ ! -e "./$member" ] || refuse "$member is there twice"
    member_size=$(field 124 11)
    case $member_size in
        *[!0-7]* | '') refuse "the size of $member cannot be read" ;;
    esac
    member_size=$((0$member_size))
    member_whole=$((member_size / 512))
    member_left=$((member_size % 512))
    block=$((block + 1))
    [ $((block + member_whole + (member_left + 511) / 512)) -le "$blocks" ] || refuse "$member is cut off"
    : > "./$member"
    [ "$member_whole" = 0 ] || dd if=.archive bs=512 skip="$block" count="$member_whole" 2> /dev/null >> "./$member"
    block=$((block + member_whole))
    if [ "$member_left" != 0 ]; then
        dd if=.archive bs=1 skip="$((block * 512))" count="$member_left" 2> /dev/null >> "./$member"
        block=$((block + 1))
    fi
}

take_archive() {
    head -c "$((most + 1))" > .archive
    archive_size=$(($(wc -c < .archive)))
    [ "$archive_size" -le "$most" ] || refuse "the archive is larger than $most bytes"
    block=0
    blocks=$((archive_size / 512))
    while [ "$block" -lt "$blocks" ] && take_member; do :; done
    rm -f .archive
    [ -f ./manifest.json ] && [ -f ./SHA256SUMS ] || refuse 'the archive has no manifest'
    if grep -qv '^[0-9a-f]\{64\}  [A-Za-z0-9][A-Za-z0-9._-]*$' ./SHA256SUMS; then refuse 'SHA256SUMS has another form'; fi
    for sums_of in ./*; do
        case $sums_of in
            ./SHA256SUMS) ;;
            *) grep -q "^[0-9a-f]\{64\}  ${sums_of#./}\$" ./SHA256SUMS || refuse "${sums_of#./} has no digest" ;;
        esac
    done
    [ ! -f ./aliases ] || while read -r link_name link_target link_rest; do
        is_plain "$link_name" && [ -z "$link_rest" ] && ! is_admitted "$link_name" && [ "$link_name" != aliases ] &&
            is_admitted "$link_target" && [ -f "./$link_target" ] || refuse 'aliases has another form'
    done < ./aliases
}

[ $# = 0 ] || refuse 'it takes no arguments'
# What is asked for is split into words, and compared.
case ${SSH_ORIGINAL_COMMAND-} in
    *[!A-Za-z0-9._\ -]*) refuse 'what is asked for has other characters than words and blanks' ;;
esac
set -f
# shellcheck disable=SC2086 # it is split, of letters that mean nothing to a shell
set -- ${SSH_ORIGINAL_COMMAND-}
set +f
case $#${1-} in
    2install | 3rollback | 2request | 2status) ;;
    *) refuse 'it is asked for as install NAME, rollback NAME ID, request NAME or status NAME' ;;
esac
is_plain "$2" || refuse 'this is no name'
settings=$settings_folder/$2.conf
[ -d "$settings_folder" ] && [ ! -L "$settings_folder" ] && [ -f "$settings" ] && [ ! -L "$settings" ] ||
    refuse "nothing of the name $2 is received here"
expect_own "$settings_folder"
expect_own_file "$settings"
read_settings "$settings"
asked=${3-}
umask 077
folder=$(mktemp -d "${TMPDIR:-/tmp}/gsec.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$folder"
[ "$1" != install ] || { choose_digest_tool && take_archive; }
start "$1"
