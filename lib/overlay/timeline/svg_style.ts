// How a timeline looks as a picture: colours in a light and a dark form, and the classes of its elements. Shapes get them by
// class, so that the form itself only says what is where.

/** A name for each colour, with its light and its dark form. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  paper: ["#ffffff", "#0d1117"],
  ink: ["#1f2328", "#e6edf3"],
  quiet: ["#59636e", "#9198a1"],
  grid: ["#e7eaee", "#21262d"],
  path: ["#bc4c00", "#f0883e"],
  script: ["#0969da", "#4493f8"],
  task: ["#6e7781", "#8b949e"],
  service: ["#1a7f37", "#3fb950"],
  logger: ["#6f8f1f", "#a5b946"],
  command: ["#8250df", "#ab7df8"],
  failed: ["#cf222e", "#f85149"],
};

/** The fonts of the machine that shows it: none is brought along. */
const SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif";
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

const RULES: readonly string[] = [
  `text{font:12px ${SANS};fill:var(--ink)}`,
  ".paper{fill:var(--paper)}",
  ".outcomeInWords{font-size:17px;font-weight:600}",
  ".quiet{fill:var(--quiet)}",
  // Nothing that is drawn before it runs through it.
  ".tick,.note{fill:var(--quiet);font-size:11px;paint-order:stroke;stroke:var(--paper);stroke-width:3px}",
  ".grid{stroke:var(--grid);shape-rendering:crispEdges}",
  ".end{stroke:var(--quiet);stroke-dasharray:3 3;shape-rendering:crispEdges}",
  `.label{font:12px ${MONO}}`,
  ".path{stroke:var(--path);stroke-width:1.5;fill:none}",
  ".star{fill:var(--path)}",
  ".area{fill:var(--ink);fill-opacity:0}",
  "g.row:hover .area{fill-opacity:.06}",
  ".bar{fill-opacity:.4}",
  ".critical .bar,.command .bar{fill-opacity:1}",
  ".critical .label{font-weight:700}",
  ".open .bar{stroke-dasharray:4 3;fill-opacity:.18}",
  ".critical.open .bar{fill-opacity:.35}",
  ".failed .note{fill:var(--failed)}",
  ...["script", "task", "service", "logger", "command", "failed"].map((name) =>
    `.${name} .bar{fill:var(--${name});stroke:var(--${name})}`
  ),
];

/** The content of the picture's style element. */
export function styleSheet(): string {
  const variables = (form: 0 | 1): string =>
    Object.entries(COLOURS).map(([name, forms]) => `--${name}:${forms[form]}`).join(";");
  return [
    `svg{color-scheme:light dark;${variables(0)}}`,
    `@media (prefers-color-scheme:dark){svg{${variables(1)}}}`,
    ...RULES,
  ].join("\n");
}
