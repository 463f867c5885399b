// Links in Markdown files: each that is relative leads to a file that is there, and to a heading that the file has.

/** A Markdown file, by its path from the root of the project. */
interface LinkingFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The links that lead nowhere, one line each.
 * @param textAt the text of a file of the project, by its path from the root; undefined if there is none
 */
export function faultsOfLinks(
  files: readonly LinkingFile[],
  textAt: (path: string) => string | undefined,
): string[] {
  return files.flatMap(({ path, text }) =>
    targetsOf(text).flatMap(({ line, target }) => {
      const fault = faultOf(path, text, target, textAt);
      return fault === undefined ? [] : [`${path}:${line} leads to ${target}: ${fault}`];
    })
  );
}

function faultOf(
  path: string,
  own: string,
  target: string,
  textAt: (path: string) => string | undefined,
): string | undefined {
  const [file = "", anchor] = target.split("#");
  const text = file === "" ? own : textAt(resolvedLink(path, file));
  if (text === undefined) return "there is no such file";
  if (anchor === undefined || anchorsOf(text).has(anchor)) return undefined;
  return "there is no such heading";
}

/** What links and pictures lead to, but for addresses of other places, and not in code. */
function targetsOf(text: string): { readonly line: number; readonly target: string }[] {
  const prose = withoutCode(text);
  return Array.from(prose.matchAll(/\]\(\s*([^()\s]+)\s*\)/g), ({ 1: target = "", index }) => ({
    line: prose.slice(0, index).split("\n").length,
    target,
  })).filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** Code is left blank, so that all else stays in its line. */
function withoutCode(text: string): string {
  const blank = (code: string): string => code.replace(/[^\n]/g, " ");
  return text.replace(/^```[^]*?^```$/gm, blank).replace(/`[^`\n]+`/g, blank);
}

/** The names of its headings. */
function anchorsOf(markdown: string): Set<string> {
  const lines = markdown.replace(/^```[^]*?^```$/gm, "").matchAll(/^#{1,6} (.+)$/gm);
  return new Set(anchorsOfHeadings(Array.from(lines, ([, heading = ""]) => heading)));
}

/** The names of the headings of a file, as GitHub makes them, by their Markdown. */
export function anchorsOfHeadings(headings: readonly string[]): string[] {
  const anchors = new Set<string>();
  for (const heading of headings) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const name = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-");
    let anchor = name;
    for (let more = 1; anchors.has(anchor); more++) anchor = `${name}-${more}`;
    anchors.add(anchor);
  }
  return [...anchors];
}

/** The path from the root of the project that a link in a file means. */
export function resolvedLink(from: string, target: string): string {
  const steps = from.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}
