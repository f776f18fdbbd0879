/** By shell. Each asks `kubectl-headwind __complete`, which answers as cobra's does, so that kubectl can ask it too. */
export const completionScripts: Readonly<Record<string, string>> = {
  // What bash takes for a word may start behind a colon or an equals sign: that much of each offer is cut off.
  bash: `# bash completion of kubectl-headwind
__kubectl_headwind() {
  local line="\${COMP_LINE:0:COMP_POINT}" words current offer rest
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current="\${words[\${#words[@]}-1]}"
  local cut="\${current%"\${COMP_WORDS[COMP_CWORD]}"}"
  [[ \${COMP_WORDS[COMP_CWORD]} == [:=] ]] && cut="$current"
  COMPREPLY=()
  while IFS=$'\\t' read -r offer rest; do
    [[ $offer == :* ]] || COMPREPLY+=("\${offer#"$cut"}")
  done < <(kubectl-headwind __complete "\${words[@]:1}" 2>/dev/null)
}
complete -F __kubectl_headwind kubectl-headwind
`,
  zsh: `#compdef kubectl-headwind
_kubectl_headwind() {
  local -a offers
  local line
  for line in "\${(@f)$(kubectl-headwind __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ $line == :* || -z $line ]] && continue
    offers+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe 'kubectl-headwind' offers
}
if [[ $funcstack[1] == _kubectl_headwind ]]; then _kubectl_headwind; else compdef _kubectl_headwind kubectl-headwind; fi
`,
  fish: `# fish completion of kubectl-headwind
function __kubectl_headwind
  set -l words (commandline -opc)
  kubectl-headwind __complete $words[2..] (commandline -ct) 2>/dev/null | string match -v ':*'
end
complete -c kubectl-headwind -f -a '(__kubectl_headwind)'
`,
};
