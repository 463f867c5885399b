// Completion for zsh: a list of arguments for each program and subcommand, which _arguments of zsh works with.

import type { CommandLines, Operand, OperandKind, Shape } from "./operands.ts";

export function forZsh({ programs, subcommands, lists }: CommandLines): string {
  const actions = { ...ACTIONS, page: oneOf(lists.page), signal: oneOf(lists.signal), shell: oneOf(lists.shell) };
  const rows = [...programs, ...subcommands].map((shape) => row(shape, actions)).join("");
  const names = programs.map(({ name }) => name).join(" ");
  return `#compdef ${names}
${HEAD}
${summaries(subcommands)}
_s6_overlay() {
  local program=$service
  if [[ $program = s6-overlay && $CURRENT -gt 2 ]]; then
    program+=" $words[2]"
    shift words
    (( CURRENT-- ))
  fi
  case $program in
${rows}  esac
}

# Loaded as a file of fpath it is called for a completion, otherwise it only makes itself known.
if [[ $zsh_eval_context[-1] = loadautofunc ]]; then
  _s6_overlay "$@"
else
  compdef _s6_overlay ${names}
fi
`;
}

type Actions = Readonly<Record<OperandKind, string>>;

const ACTIONS: Omit<Actions, "page" | "signal" | "shell"> = {
  service: "_s6_overlay_services",
  servicedir: "_s6_overlay_servicedirs",
  scandir: "_s6_overlay_scandirs",
  directory: "_files -/",
  file: "_files",
  user: "_users",
  group: "_groups",
  program: "_command_names -e",
  subcommand: "_s6_overlay_subcommands",
  none: "",
};

const HEAD = `# Completion for zsh of the programs of s6-overlay, printed by s6-overlay help -c zsh.

_s6_overlay_services() {
  local -a services expl
  services=(/var/run/s6/services/*(N-/:t))
  _wanted services expl service compadd -a services
}

_s6_overlay_servicedirs() {
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

function summaries(subcommands: readonly Shape[]): string {
  const rows = subcommands.map(({ name, summary }) => `    ${quoted(`${name.split(" ")[1]}:${summary}`)}\n`);
  return `_s6_overlay_subcommands() {
  local -a subcommands
  subcommands=(
${rows.join("")}  )
  _describe subcommand subcommands
}
`;
}

function row({ name, options, operands, repeats }: Shape, actions: Actions): string {
  const specs = options.map(({ letter, value, meaning }) => {
    const label = escaped(meaning);
    if (value === undefined) return `*-${letter}[${label}]`;
    return `*-${letter}${letter.length === 1 ? "+" : "="}[${label}]:${value}:${actions[value]}`;
  });
  const last = operands.length - 1;
  operands.forEach((operand, index) => {
    const place = repeats && index === last ? "*" : `${index + 1}`;
    if (place === "*" && operand.kinds.includes("program")) specs.push("*::program:_normal");
    else specs.push(`${place}:${operand.kinds[0] ?? "word"}:${actionFor(operand, actions)}`);
  });
  // Subcommands take options behind operands too.
  const [pattern, until] = name.includes(" ") ? [quoted(name), ""] : [name, " -A '-*'"];
  return `    ${pattern}) _arguments -s -S${until} ${specs.map(quoted).join(" ")} ;;\n`;
}

function actionFor({ kinds, words }: Operand, actions: Actions): string {
  const choices = kinds.map((kind) => ({ kind, action: actions[kind] }));
  const all = words.length === 0 ? choices : [...choices, { kind: "word", action: oneOf(words) }];
  if (all.length === 1) return all[0]!.action;
  // With a blank before it, it is called as it is.
  return ` _alternative ${all.map(({ kind, action }) => `"${kind}:${kind}:${action}"`).join(" ")}`;
}

function oneOf(words: readonly string[]): string {
  return `(${words.join(" ")})`;
}

/** Text between the brackets of a specification. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
