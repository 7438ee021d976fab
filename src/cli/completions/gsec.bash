# Completion of gsec for bash 3.2 and newer. `gsec completions bash` prints this file.
# The candidates come from gsec itself, which reads the line, and nothing is evaluated here.

_gsec() {
    local cur=$2 word glued='' line directive='' strip full=
    local -a words
    local i count=0
    words=() COMPREPLY=()
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        # What follows the cursor in the last word is not looked at.
        if ((i == COMP_CWORD)) && [[ $word != [=:]* ]]; then word=$cur; fi
        # bash separates words at = and : too.
        if ((count)) && { [[ -n $glued ]] || [[ $word == [=:]* ]]; }; then
            words[count - 1]+=$word
        else
            words[count]=$word
            ((++count))
        fi
        glued=
        [[ $word == *[=:] ]] && glued=yes
    done
    ((count)) && full=${words[count - 1]}
    [[ $cur == [=:]* ]] && cur=
    strip=${full%"$cur"}
    while IFS= read -r line; do
        if [[ -z $directive ]]; then
            directive=$line
        else
            line=${line%%$'\t'*}
            COMPREPLY+=("${line#"$strip"}")
        fi
    done < <(command gsec complete bash -- "${words[@]}" 2> /dev/null)
    case $directive in
        :files*) _gsec_files "$cur" ${directive#:files} ;;
        :directories)
            if ((${#COMPREPLY[@]})); then
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$cur")
            else
                _gsec_compopt dirnames
            fi
            _gsec_compopt filenames
            ;;
        *)
            # A wildcard is a pattern to the shell.
            for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
                printf -v word %q "${COMPREPLY[i]}"
                COMPREPLY[i]=$word
            done
            ;;
    esac
}

# _gsec_files CURRENT ENDING...: directories and files with one of the endings; all files where there are none of these.
_gsec_files() {
    local cur=$1 file ending
    shift
    _gsec_compopt filenames
    # What needs quotes is readline's work.
    if (($#)) && [[ $cur != *[\'\"\\\$\~\`]* ]]; then
        while IFS= read -r file; do
            if [[ -d $file ]]; then
                COMPREPLY+=("$file")
                continue
            fi
            for ending; do
                if [[ $file == *."$ending" ]]; then
                    COMPREPLY+=("$file")
                    break
                fi
            done
        done < <(compgen -f -- "$cur")
    elif ((${#COMPREPLY[@]})); then
        while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
    fi
    ((${#COMPREPLY[@]})) || _gsec_compopt default
}

# bash 3.2 has no compopt.
_gsec_compopt() {
    compopt -o "$1" > /dev/null 2>&1 || true
}

complete -F _gsec gsec
