// Completion for bash. One function knows all programs by a table, and walks over the words before the one to complete.

import type { CommandLines, Operand, Shape } from "./operands.ts";

export function forBash({ programs, subcommands, lists }: CommandLines): string {
  const rows = [...programs, ...subcommands].map(row).join("");
  const listed = Object.entries(lists).map(([kind, words]) =>
    `    ${kind}) compgen -W '${words.join(" ")}' -- "$2" ;;\n`
  );
  const names = programs.map(({ name }) => name).join(" ");
  return `${TABLE_BEGIN}${rows}${NAMES_BEGIN}${listed.join("")}${REST}complete -F _s6_overlay ${names}\n`;
}

/**
 * flags: letters that stand alone, and words such as -ready. values: letter=kind. operands: kinds, a plus behind one
 * that may come again.
 */
function row({ name, options, operands, repeats }: Shape): string {
  const alone = options.filter(({ value }) => value === undefined).map(({ letter }) => letter);
  const letters = alone.filter((letter) => letter.length === 1).join("");
  const flags = [letters, ...alone.filter((letter) => letter.length > 1)].filter((word) => word !== "").join(" ");
  const values = options.filter(({ value }) => value !== undefined).map(({ letter, value }) => `${letter}=${value}`);
  const kinds = `${operands.map(kindsOf).join(" ")}${repeats ? "+" : ""}`;
  return `    ${name.replace(" ", "\\ ")}) flags='${flags}' values='${values.join(" ")}' operands='${kinds}' ;;\n`;
}

/** Kinds and words that stand for themselves: "service|=all". */
function kindsOf({ kinds, words }: Operand): string {
  return [...kinds, ...words.map((word) => `=${word}`)].join("|");
}

const TABLE_BEGIN = `# Completion for bash of the programs of s6-overlay, printed by s6-overlay help -c bash.

_s6_overlay_table() {
  case $1 in
`;

const NAMES_BEGIN = `    *) return 1 ;;
  esac
}

# Names of a kind that begin so. A service directory may be given by its name alone.
_s6_overlay_names() {
  local path
  case $1 in
    service)
      for path in /var/run/s6/services/*; do
        [ -d "$path" ] || continue
        case \${path##*/} in "$2"*) printf '%q\\n' "\${path##*/}" ;; esac
      done ;;
    servicedir)
      for path in /run/service/* /var/run/s6/services/*; do
        [ -d "$path" ] || continue
        case $path in "$2"*) printf '%s\\n' "$path"; continue ;; esac
        case \${path##*/} in "$2"*) printf '%s\\n' "$path" ;; esac
      done
      compgen -d -- "$2" ;;
    scandir)
      for path in /run/service /var/run/s6/services; do
        [ -d "$path" ] || continue
        case $path in "$2"*) printf '%s\\n' "$path" ;; esac
      done
      compgen -d -- "$2" ;;
    directory) compgen -d -- "$2" ;;
    file) compgen -f -- "$2" ;;
    user) compgen -u -- "$2" ;;
    group) compgen -g -- "$2" ;;
    program) compgen -c -- "$2" ;;
    =*) compgen -W "\${1#=}" -- "$2" ;;
`;

const REST = `  esac
}

_s6_overlay_fill() {
  local kind
  case $1 in
    servicedir|scandir|directory|file) compopt -o filenames 2>/dev/null ;;
  esac
  mapfile -t COMPREPLY < <(for kind in \${1//|/ }; do _s6_overlay_names "$kind" "$2"; done | sort -u)
}

_s6_overlay() {
  local name=\${COMP_WORDS[0]##*/} current=\${COMP_WORDS[COMP_CWORD]} flags values operands word letter kind column
  local at=1 seen=0 options=1 behind=0 pending='' begin=0
  COMPREPLY=()
  # Subcommands take options behind operands too.
  if [ "$name" = s6-overlay ] && [ "$COMP_CWORD" -gt 1 ]; then name+=" \${COMP_WORDS[1]}" at=2 behind=1; fi
  _s6_overlay_table "$name" || return
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word=\${COMP_WORDS[at]}
    at=$((at + 1))
    if [ -n "$pending" ]; then pending=''; continue; fi
    if [ "$options" = 1 ]; then
      case $word in
        --) options=0 behind=0; continue ;;
        --*)
          case " $values" in *" \${word#-}="*) pending=\${word#-} ;; esac
          continue ;;
        -?*)
          for ((column = 1; column < \${#word}; column++)); do
            letter=\${word:column:1}
            case " $values" in *" $letter="*) ;; *) continue ;; esac
            if [ "$column" = $((\${#word} - 1)) ]; then pending=$letter; fi
            break
          done
          continue ;;
      esac
      options=$behind
    fi
    seen=$((seen + 1))
  done
  if [ -n "$pending" ]; then
    for word in $values; do
      if [ "\${word%%=*}" = "$pending" ]; then _s6_overlay_fill "\${word#*=}" "$current"; fi
    done
    return
  fi
  case $options$current in
    1-*)
      for word in $flags $values; do
        word=\${word%%=*}
        case $word,$current in
          -*,*) case -$word in "$current"*) COMPREPLY+=("-$word") ;; esac ;;
          *,--*) ;;
          *) for ((column = 0; column < \${#word}; column++)); do COMPREPLY+=("$current\${word:column:1}"); done ;;
        esac
      done
      return ;;
  esac
  for kind in $operands; do
    if [ "$seen" = 0 ]; then _s6_overlay_fill "\${kind%+}" "$current"; return; fi
    seen=$((seen - 1))
    begin=$kind
  done
  case $begin in
    # The rest is a command line of its own.
    program+)
      if declare -F _command_offset >/dev/null; then _command_offset $((COMP_CWORD - seen - 1))
      else _s6_overlay_fill file "$current"; fi ;;
    *+) _s6_overlay_fill "\${begin%+}" "$current" ;;
  esac
}

`;
