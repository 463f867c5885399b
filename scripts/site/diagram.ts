// State diagrams of documents, drawn when the site is built: as SVG in the page, in the colours of its text, with the same
// transitions as a list.

import { instance } from "npm:@viz-js/viz@3.17.0";
import { htmlText } from "./man.ts";

interface Transition {
  readonly from: string;
  readonly to: string;
  readonly events: readonly string[];
}

/** Beside an edge; a plain space at the begin of a text has no width in a page. */
const APART = "\u00a0";

/** What stands for the begin and the end. */
const OUTSIDE = "[*]";

/** Draws a diagram that is written in the words of mermaid. @throws Error for what it cannot draw */
export type Draw = (text: string) => string;

export async function drawing(): Promise<Draw> {
  const viz = await instance();
  return (text) => {
    const transitions = transitionsIn(text);
    return figure(inColoursOfText(viz.renderString(graph(transitions), { format: "svg" })), transitions);
  };
}

export function transitionsIn(text: string): readonly Transition[] {
  const [kind, ...lines] = text.trim().split("\n");
  if (kind !== "stateDiagram-v2") throw new Error(`a diagram of the kind ${kind} cannot be drawn`);
  return lines.map((line) => {
    const [, from, to, events] = /^ *(\w+|\[\*\]) --> (\w+|\[\*\])(?:: (.+))?$/.exec(line) ?? [];
    if (from === undefined || to === undefined) {
      throw new Error(`a diagram has the line ${line}, which cannot be drawn`);
    }
    return { from, to, events: events?.split(", ") ?? [] };
  });
}

/** In the language of Graphviz. */
function graph(transitions: readonly Transition[]): string {
  const edges = transitions.map(({ from, to, events }) => {
    const [tail, head] = [from === OUTSIDE ? "begin" : from, to === OUTSIDE ? "end" : to];
    // One below the other: a phone is narrow.
    return `${JSON.stringify(tail)} -> ${JSON.stringify(head)} [label="${
      events.map((event) => `${APART}${event}${APART}\\l`).join("")
    }"]`;
  });
  return `digraph {
bgcolor=transparent ranksep=0.35 nodesep=0.3
node [shape=box style=rounded fontname=Helvetica fontsize=13 height=0.35 margin="0.15,0.05"]
edge [fontname=Helvetica fontsize=11 arrowsize=0.7]
begin [shape=circle style=filled fillcolor=black label="" width=0.16 height=0.16 fixedsize=true]
end [shape=doublecircle style=filled fillcolor=black label="" width=0.12 height=0.12 fixedsize=true]
${edges.join("\n")}
}`;
}

/** Without what only a file needs, and black is whatever colour the text around it has. */
function inColoursOfText(svg: string): string {
  return svg.slice(svg.indexOf("<svg "))
    .replace(/<!--[^]*?-->\n?/g, "")
    .replace(/<title>[^]*?<\/title>\n?/g, "")
    .replace(/ (?:id|class|xmlns|xmlns:xlink|xml:space|font-family)="[^"]*"/g, "")
    .replaceAll('"black"', '"currentColor"')
    .replace(/<text /g, '<text fill="currentColor" ')
    .replace("<svg ", '<svg aria-hidden="true" focusable="false" ')
    .trimEnd();
}

function figure(svg: string, transitions: readonly Transition[]): string {
  const items = transitions.filter(({ from, to }) => from !== OUTSIDE && to !== OUTSIDE).map(({ from, to, events }) =>
    `<li>${htmlText(from)} to ${htmlText(to)}: ${
      events.map((event) => `<code>${htmlText(event)}</code>`).join(", ")
    }</li>\n`
  );
  return `<figure class="diagram">
<div class="wide" tabindex="0" role="group" aria-label="Diagram; its transitions follow as a list">
${svg}
</div>
<figcaption><details>
<summary>The transitions as a list</summary>
<ul>
${items.join("")}</ul>
</details></figcaption>
</figure>
`;
}
