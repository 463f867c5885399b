// Completion for bash. One function knows all programs by a table, and walks over the words before the one to complete.

import type { Page } from "../pages.ts";
import { type Shape, shapeOf } from "./operands.ts";

export function forBash(pages: readonly Page[]): string {
  const shapes = pages.map(shapeOf);
  return `${TABLE_BEGIN}${shapes.map(row).join("")}${REST}complete -F _s6_overlay ${
    shapes.map(({ name }) => name).join(" ")
  }\n`;
}

/** flags: letters that stand alone. values: letter=kind. operands: kinds, a plus behind one that may come again. */
function row({ name, options, operands, repeats }: Shape): string {
  const flags = options.filter(({ value }) => value === undefined).map(({ letter }) => letter).join("");
  const values = options.filter(({ value }) => value !== undefined).map(({ letter, value }) => `${letter}=${value}`);
  const kinds = `${operands.join(" ")}${repeats ? "+" : ""}`;
  return `    ${name}) flags='${flags}' values='${values.join(" ")}' operands='${kinds}' ;;\n`;
}

const TABLE_BEGIN = `# Completion for bash of the programs of s6-overlay, printed by s6-overlay help -c bash.

_s6_overlay_table() {
  case $1 in
`;

const REST = `    *) return 1 ;;
  esac
}

# Names of a kind that begin so. A service may be given by its name alone.
_s6_overlay_names() {
  local path
  case $1 in
    service)
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
  esac
}

_s6_overlay_fill() {
  case $1 in
    service|scandir|directory|file) compopt -o filenames 2>/dev/null ;;
  esac
  mapfile -t COMPREPLY < <(_s6_overlay_names "$1" "$2" | sort -u)
}

_s6_overlay() {
  local current=\${COMP_WORDS[COMP_CWORD]} flags values operands word letter kind column
  local at=1 seen=0 options=1 pending='' begin=0
  COMPREPLY=()
  _s6_overlay_table "\${COMP_WORDS[0]##*/}" || return
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word=\${COMP_WORDS[at]}
    at=$((at + 1))
    if [ -n "$pending" ]; then pending=''; continue; fi
    if [ "$options" = 1 ]; then
      case $word in
        --) options=0; continue ;;
        -?*)
          for ((column = 1; column < \${#word}; column++)); do
            letter=\${word:column:1}
            case " $values" in *" $letter="*) ;; *) continue ;; esac
            if [ "$column" = $((\${#word} - 1)) ]; then pending=$letter; fi
            break
          done
          continue ;;
      esac
      options=0
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
      for word in $values; do flags+=\${word%%=*}; done
      for ((column = 0; column < \${#flags}; column++)); do COMPREPLY+=("$current\${flags:column:1}"); done
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
