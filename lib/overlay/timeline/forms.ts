// The forms that a timeline has outside the program: what a file's name or an option asks for, as bytes.

import { type ByteString, utf8ByteString } from "../../bytes.ts";
import { jsonBytes } from "../../json.ts";
import { svgForm } from "./svg_form.ts";
import { ASCII, BLOCKS, textForm } from "./text_form.ts";
import type { Timeline } from "./timeline.ts";

export type TimelineForm = "text" | "svg" | "json";

/** What the text form is made for. */
interface Medium {
  /** In columns. */
  readonly width: number;
  /** It shows ASCII only. */
  readonly plain: boolean;
}

export function formOf(timeline: Timeline, form: TimelineForm, { width, plain }: Medium): ByteString {
  switch (form) {
    case "json":
      return `${jsonBytes(timeline)}\n`;
    case "svg":
      return utf8ByteString(svgForm(timeline));
    case "text":
      return utf8ByteString(textForm(timeline, width, plain ? ASCII : BLOCKS));
  }
}

/** True where the locale names another encoding than UTF-8. Most containers have none: terminals are UTF-8 all the same. */
export function isPlain(variable: (name: string) => ByteString | undefined): boolean {
  const locale = variable("LC_ALL") || variable("LC_CTYPE") || variable("LANG") || "";
  return locale !== "" && !/utf-?8/i.test(locale);
}
