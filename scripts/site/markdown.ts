// A document as HTML, and as the sections that a search finds.

// @ts-types="npm:@types/markdown-it@14.1.2"
import MarkdownIt from "npm:markdown-it@14.1.0";
import { anchorsOfHeadings } from "../links.ts";
import type { Draw } from "./diagram.ts";

interface Section {
  /** Empty for what stands in front of the first heading below the title. */
  readonly anchor: string;
  readonly heading: string;
  readonly text: string;
}

export interface RenderedDocument {
  readonly title: string;
  readonly html: string;
  readonly sections: readonly Section[];
}

type Tokens = ReturnType<MarkdownIt["parse"]>;
type Token = Tokens[number];

/** Wide ones are scrolled, by keyboard as well. */
const SCROLLED = 'class="wide" tabindex="0" role="group"';

/** Where a link of a document leads to on the site, and what that is called there, if it is a document. */
export interface SiteLink {
  readonly address: string;
  readonly title?: string | undefined;
}

export function renderedDocument(
  markdown: string,
  linkOf: (target: string) => SiteLink,
  draw: Draw,
): RenderedDocument {
  const parser = new MarkdownIt({ html: false, linkify: false });
  parser.renderer.rules.table_open = () => `<div ${SCROLLED} aria-label="Table"><table>\n`;
  parser.renderer.rules.table_close = () => "</table></div>\n";
  parser.renderer.rules.fence = (tokens, index) => {
    const token = tokens[index]!;
    return token.info.trim() === "mermaid" ? draw(token.content) : codeBlock(parser, token);
  };
  parser.renderer.rules.code_block = (tokens, index) => codeBlock(parser, tokens[index]!);
  const tokens = parser.parse(markdown.replace(/<!--[^]*?-->/g, ""), {});
  nameHeadings(tokens);
  for (const { children } of tokens) if (children !== null) relink(children, linkOf);
  const sections = sectionsOf(tokens);
  return { title: sections[0]?.heading ?? "", html: parser.renderer.render(tokens, parser.options, {}), sections };
}

function codeBlock({ utils }: MarkdownIt, { content, info }: Token): string {
  const language = info.trim();
  const label = language === "console" ? "Commands and what they print" : "Code";
  return `<pre ${SCROLLED} aria-label="${label}"><code>${utils.escapeHtml(content)}</code></pre>\n`;
}

function headingsOf(tokens: Tokens): readonly (readonly [open: Token, content: Token])[] {
  return tokens.flatMap((token, at) => token.type === "heading_open" ? [[token, tokens[at + 1]!] as const] : []);
}

function nameHeadings(tokens: Tokens): void {
  const headings = headingsOf(tokens);
  const anchors = anchorsOfHeadings(headings.map(([, { content }]) => content));
  headings.forEach(([open], at) => open.attrSet("id", anchors[at]!));
}

function relink(parts: Tokens, linkOf: (target: string) => SiteLink): void {
  for (const [at, part] of parts.entries()) {
    const attribute = part.type === "link_open" ? "href" : part.type === "image" ? "src" : undefined;
    const target = attribute && part.attrGet(attribute);
    if (attribute === undefined || !target) continue;
    const { address, title } = linkOf(target);
    part.attrSet(attribute, address);
    // A file's name says something among files; here it is a page.
    const text = parts[at + 1];
    if (title !== undefined && text?.type === "text" && /^\S+\.md$/.test(text.content)) text.content = title;
  }
}

/** One for each heading. */
function sectionsOf(tokens: Tokens): Section[] {
  const sections: { anchor: string; heading: string; text: string }[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.type === "heading_open") {
      const anchor = token.tag === "h1" ? "" : token.attrGet("id") ?? "";
      sections.push({ anchor, heading: textOf(tokens[at + 1]!), text: "" });
    } else if (tokens[at - 1]?.type !== "heading_open") {
      const last = sections.at(-1);
      if (last !== undefined) last.text = `${last.text} ${textOf(token)}`.trimEnd();
    }
  }
  return sections;
}

function textOf({ type, content, children }: Token): string {
  if (type === "fence" || type === "code_block") return content;
  return (children ?? []).map((part) => part.type === "softbreak" ? " " : part.content).join("");
}
