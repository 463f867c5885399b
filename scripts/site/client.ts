// The search of the site, in the reader's browser. Its index is loaded when the field is entered for the first time. No
// word leaves the browser.

/// <reference no-default-lib="true" />
/// <reference lib="dom" />
/// <reference lib="esnext" />

import MiniSearch from "npm:minisearch@7.1.2";
import { SEARCHED } from "./searched.ts";

interface Found {
  readonly page: string;
  readonly anchor: string;
  readonly title: string;
  readonly heading: string;
}

const MOST = 12;
const root = (document.currentScript as HTMLScriptElement | null)?.dataset.root ?? "";

async function load(): Promise<MiniSearch> {
  await new Promise<void>((loaded, failed) => {
    const script = Object.assign(document.createElement("script"), { src: `${root}index.js` });
    script.onload = () => loaded();
    script.onerror = () => failed(new Error("the index could not be loaded"));
    document.head.append(script);
  });
  return MiniSearch.loadJSON((globalThis as unknown as { searchIndex: string }).searchIndex, SEARCHED);
}

function item({ page, anchor, title, heading }: Found): HTMLLIElement {
  const link = document.createElement("a");
  link.href = `${root}${page}${anchor === "" ? "" : `#${anchor}`}`;
  link.textContent = heading === title ? title : `${title}: ${heading}`;
  const entry = document.createElement("li");
  entry.append(link);
  return entry;
}

function listen(): void {
  let loading: Promise<MiniSearch> | undefined;
  const field = document.querySelector<HTMLInputElement>("#search")!;
  const list = document.querySelector<HTMLOListElement>("#found")!;
  const count = document.querySelector<HTMLParagraphElement>("#count")!;
  const show = async (): Promise<void> => {
    const words = field.value.trim();
    const index = await (loading ??= load());
    // More may have been typed meanwhile.
    if (words !== field.value.trim()) return;
    const found = words === ""
      ? []
      : index.search(words, { prefix: true, fuzzy: 0.15, boost: { title: 3, heading: 4 } });
    list.replaceChildren(...found.slice(0, MOST).map((one) => item(one as unknown as Found)));
    list.hidden = found.length === 0;
    count.textContent = words === "" ? "" : found.length === 0 ? "Nothing found" : `${found.length} found`;
  };
  field.addEventListener("input", () => void show());
  field.addEventListener("focus", () => void (loading ??= load()), { once: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && document.activeElement === field) {
      field.value = "";
      void show();
    }
  });
}

listen();
// On a wide page the list of documents is beside the text.
const wide = matchMedia("(min-width: 60rem)");
const details = document.querySelector<HTMLDetailsElement>("nav details")!;
details.open = wide.matches;
wide.addEventListener("change", () => void (details.open = wide.matches));
