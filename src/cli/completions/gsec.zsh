#compdef gsec
# Completion of gsec for zsh. `gsec completions zsh` prints this file.
# The candidates come from gsec itself, which reads the line, and nothing is evaluated here.

_gsec() {
    local -a lines values
    local line value directive
    lines=("${(@f)$(command gsec complete zsh -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2> /dev/null)}")
    directive=$lines[1]
    shift lines
    for line in "${(@)lines}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        if [[ $line == *$'\t'* ]]; then
            values+=("${value//:/\\:}:${line#*$'\t'}")
        else
            values+=("${value//:/\\:}")
        fi
    done
    local found=1
    (( $#values )) && _describe -t values gsec values && found=0
    case $directive in
        :directories)
            compset -P 1 '--*='
            _files -/ && found=0
            ;;
        :files)
            compset -P 1 '--*='
            _files && found=0
            ;;
        :files*)
            compset -P 1 '--*='
            # Where no file has such an ending, _files offers all.
            _files -g "*.(${(j:|:)${(s: :)directive#:files }})(-.)" && found=0
            ;;
    esac
    return found
}

if [[ $funcstack[1] == _gsec ]]; then
    _gsec "$@"
else
    compdef _gsec gsec
fi
