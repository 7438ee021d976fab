
# ---- What is installed, as values: one a line, read and never run.

# The directory of the work is taken away at the end of the whole; the work itself watches over its own end.
trap - EXIT HUP INT TERM PIPE

# tell TEXT: on the error stream, without what would mean something to a terminal.
tell() { printf 'gsec: %s\n' "$1" | tr -d '\000-\010\013-\037\177' >&2; }

# is_plain WORD: it can be a file name, and nothing that a shell, a path or an option could be.
is_plain() {
    case $1 in
        '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._-]*) return 1 ;;
    esac
}

known=
known_names=
rows=
asked=
own_check=
own_reload=
takes_aliases=no
# Settings that an earlier gsec wrote have no key that is made here.
key_made=
key_type=
key_of=
key_in=

# read_settings FILE
read_settings() {
    while IFS= read -r setting || [ -n "$setting" ]; do
        value=${setting#*=}
        case $setting in
            '' | '#'*) ;;
            *[[:cntrl:]]*) fail 3 "$1 has a line with a control character; nothing was changed" ;;
            target=*) target=$value ;;
            name=*) name=$value ;;
            unit=*) unit=$value ;;
            unit_file=*) unit_file=$value ;;
            fixed_dest=*) fixed_dest=$value ;;
            snippet_dest=*) snippet_dest=$value ;;
            key_owner=*) key_owner=$value ;;
            key_group=*) key_group=$value ;;
            key_mode=*) key_mode=$value ;;
            key_file=*) key_file=$value ;;
            key_with=*) key_with=$value ;;
            pair_certificate=*) pair_certificate=$value ;;
            links_here=*) links_here=$value ;;
            known_password=*) known_password=$value ;;
            made_here=*) made_here=$value ;;
            key_made=*) key_made=$value ;;
            key_type=*) key_type=$value ;;
            key_of=*) key_of=$value ;;
            key_in=*) key_in=$value ;;
            not_reloaded=*) not_reloaded=$value ;;
            file=*)
                known="$known$value
"
                known_names="$known_names ${value##* }"
                ;;
            aliases=*) takes_aliases=$value ;;
            release=*) asked=$value ;;
            check=/* | reload=/*)
                [ "$takes_commands" = yes ] || fail 3 "$1 names a program; nothing was changed"
                case $setting in
                    check=*) own_check=$value ;;
                    *) own_reload=$value ;;
                esac
                ;;
            *) fail 3 "$1 has a line that is not understood: $setting; nothing was changed" ;;
        esac
    done < "$1"
    is_target "$target" || fail 3 "$1 names no target that is known here; nothing was changed"
    for named_folder in "$fixed_dest" "$key_in"; do
        case $named_folder in
            *//* | */./* | */../* | */. | */..) fail 3 "$1 names a directory with . or ..; nothing was changed" ;;
            '' | /?*) ;;
            *) fail 3 "$1 names a directory that is not a full path; nothing was changed" ;;
        esac
    done
    [ -z "$key_of" ] || is_plain "$key_of" || fail 3 "$1 names a bundle that cannot be; nothing was changed"
}

check_service() { if [ -n "$own_check" ]; then shown "$own_check"; else "${target}_check"; fi; }
reload_service() { if [ -n "$own_reload" ]; then shown "$own_reload"; else "${target}_reload"; fi; }
prepare() { "${target}_prepare"; }
is_prepared() { "${target}_is_prepared" "$1"; }
expect_host() { "${target}_expect_host"; }

# The files that are here, of those that are known; all of them where a release is taken back.
present_rows() {
    printf '%s' "$known" | while read -r row_class row_mode row_name; do
        is_plain "$row_name" || fail 3 "the settings name a file with a name that cannot be; nothing was changed"
        [ "$action" = install ] && [ ! -f "./$row_name" ] || say "$row_class $row_mode $row_name $row_name"
    done
}

payload() { [ -z "$rows" ] || say "$rows"; }
aliases() { [ ! -f ./aliases ] || cat ./aliases; }

# start ACTION: in the directory of the files.
start() {
    begin "$1"
    dest=$fixed_dest
    [ -n "$dest" ] || dest=$(default_dest)
    rows=$(present_rows)
    case $action in
        install) [ -n "$rows" ] || fail 3 'there is no file to install; nothing was changed' ;;
        rollback)
            is_release "$asked" || fail 2 'this is no release'
            # The release itself is named, and no bundle is here to tell it.
            take_id() { id=$asked; }
            expect_not_moved() {
                if [ "$before" != "$asked" ]; then
                    say "state=moved current=$before"
                    fail 7 "current is release $before, not $asked: nothing was changed"
                fi
            }
            ;;
        request)
            [ "$key_made" = here ] || fail 2 "refused: the settings of $name do not say that a key is made here; nothing was changed"
            take_id() { :; }
            ;;
        status)
            at=$dest
            status_now=$(current_release)
            if [ -n "$status_now" ]; then say "state=present current=$status_now"; else say 'state=absent'; fi
            exit 0
            ;;
    esac
    work_in_place
}
