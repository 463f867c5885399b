// Completion for zsh: a list of arguments for each program, which _arguments of zsh works with.

import type { Page } from "../pages.ts";
import { type OperandKind, type Shape, shapeOf } from "./operands.ts";

export function forZsh(pages: readonly Page[]): string {
  const shapes = pages.map(shapeOf);
  const names = shapes.map(({ name }) => name).join(" ");
  return `#compdef ${names}
${HEAD}
_s6_overlay() {
  case $service in
${shapes.map(row).join("")}  esac
}

# Loaded as a file of fpath it is called for a completion, otherwise it only makes itself known.
if [[ $zsh_eval_context[-1] = loadautofunc ]]; then
  _s6_overlay "$@"
else
  compdef _s6_overlay ${names}
fi
`;
}

const ACTIONS: Readonly<Record<OperandKind, string>> = {
  service: "_s6_overlay_services",
  scandir: "_s6_overlay_scandirs",
  directory: "_files -/",
  file: "_files",
  user: "_users",
  group: "_groups",
  program: "_command_names -e",
  none: "",
};

const HEAD = `# Completion for zsh of the programs of s6-overlay, printed by s6-overlay help -c zsh.

_s6_overlay_services() {
  local -a services
  services=(/run/service/*(N-/) /var/run/s6/services/*(N-/))
  _alternative 'services:service:compadd -a services' 'directories:directory:_files -/'
}

_s6_overlay_scandirs() {
  local -a scandirs
  scandirs=(/run/service(N-/) /var/run/s6/services(N-/))
  _alternative 'scandirs:scan directory:compadd -a scandirs' 'directories:directory:_files -/'
}
`;

function row({ name, options, operands, repeats }: Shape): string {
  const specs = options.map(({ letter, value, meaning }) => {
    const label = escaped(meaning);
    return value === undefined ? `*-${letter}[${label}]` : `*-${letter}+[${label}]:${value}:${ACTIONS[value]}`;
  });
  const last = operands.length - 1;
  operands.forEach((kind, index) => {
    if (repeats && index === last) specs.push(kind === "program" ? "*::program:_normal" : `*:${kind}:${ACTIONS[kind]}`);
    else specs.push(`${index + 1}:${kind}:${ACTIONS[kind]}`);
  });
  return `    ${name}) _arguments -s -S -A '-*' ${specs.map(quoted).join(" ")} ;;\n`;
}

/** Text between the brackets of a specification. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
