# Completion of gsec for fish. `gsec completions fish` prints this file.
# The candidates come from gsec itself, which reads the line, and nothing is evaluated here.

function __gsec_complete
    set -l before (commandline -opc)
    set -e before[1]
    set -l current (commandline -ct)
    set -l lines (command gsec complete fish -- $before "$current" 2>/dev/null)
    set -l directive $lines[1]
    set -e lines[1]
    printf '%s\n' $lines
    switch "$directive"
        case ':files*' ':directories'
            set -l option (string match -r -- '^--[^=]+=' "$current")
            set -l path (string replace -r -- '^--[^=]+=' '' "$current")
            set -l found (__fish_complete_path "$path")
            set -l endings (string split -n ' ' -- (string replace ':files' '' -- "$directive"))
            if test "$directive" = ':directories'
                set found (string match -r -- '^[^\t]*/(?:\t.*)?$' $found)
            else if set -q endings[1]
                # Directories and files with one of the endings; all files where there are none of these.
                set -l pattern '^[^\t]*(?:/|\\.(?:'(string join '|' $endings)'))(?:\t.*)?$'
                set -l fitting (string match -r -- $pattern $found)
                set -q fitting[1]; and set found $fitting
            end
            set -q found[1]; and printf "$option%s\n" $found
    end
end

complete -c gsec -e
complete -c gsec -f -a '(__gsec_complete)'
