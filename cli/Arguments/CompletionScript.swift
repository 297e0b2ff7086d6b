/// The scripts that join a shell's completion to `repro __complete`.
///
/// They hold no names themselves: the alternative, scripts with all commands and options in them, goes stale with the
/// next version and still needs a call for stages and runs.
enum CompletionScript: String, CaseIterable {
    case bash, zsh, fish

    var text: String {
        switch self {
        case .bash: Self.bashText
        case .zsh: Self.zshText
        case .fish: Self.fishText
        }
    }

    // Bash splits words at `=`, `:` and `@` too, and replaces only what follows: so the line is split here by spaces,
    // and what Bash will not replace is cut from each candidate.
    private static let bashText = #"""
        # Completion of repro for Bash. Use: source <(repro completion bash)
        _repro() {
            local line="${COMP_LINE:0:COMP_POINT}" words current kept candidate
            read -ra words <<<"$line"
            if [[ $line == *[[:space:]] ]]; then words+=(""); fi
            current="${words[${#words[@]}-1]}"
            kept="${current%"${current##*[=:@]}"}"
            COMPREPLY=()
            while IFS= read -r candidate; do
                case $candidate in
                    :files) compopt -o filenames; COMPREPLY+=($(compgen -f -- "${current#"$kept"}")) ;;
                    :folders) compopt -o filenames; COMPREPLY+=($(compgen -d -- "${current#"$kept"}")) ;;
                    *)
                        candidate="${candidate%%$'\t'*}"
                        if [[ $candidate == *= ]]; then compopt -o nospace; fi
                        COMPREPLY+=("${candidate#"$kept"}")
                        ;;
                esac
            done < <(command repro __complete -- "${words[@]:1}" 2>/dev/null)
        }
        complete -F _repro repro
        """#

    private static let zshText = #"""
        #compdef repro
        # Completion of repro for Zsh. Use: source <(repro completion zsh)
        _repro() {
            local line word meaning
            local -a candidates open
            for line in "${(@f)$(command repro __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
                case $line in
                    '') ;;
                    :files) _files ;;
                    :folders) _files -/ ;;
                    *)
                        word=${line%%$'\t'*}
                        meaning=${line#$word}
                        word=${word//:/\\:}${meaning:+:${meaning#$'\t'}}
                        if [[ ${line%%$'\t'*} == *= ]]; then open+=("$word"); else candidates+=("$word"); fi
                        ;;
                esac
            done
            if (( $#candidates )); then _describe -V repro candidates; fi
            if (( $#open )); then _describe -V repro open -S ''; fi
        }
        if [[ $funcstack[1] == _repro ]]; then _repro "$@"; else compdef _repro repro; fi
        """#

    private static let fishText = #"""
        # Completion of repro for fish. Use: repro completion fish | source
        function __repro_complete
            set -l words (commandline --tokenize --cut-at-cursor --current-process) (commandline --cut-at-cursor --current-token)
            for line in (command repro __complete -- $words[2..-1] 2>/dev/null)
                switch $line
                    case ':files'
                        __fish_complete_path (commandline --current-token)
                    case ':folders'
                        __fish_complete_directories (commandline --current-token)
                    case '*'
                        echo $line
                end
            end
        end
        complete --command repro --no-files --arguments '(__repro_complete)'
        """#
}
