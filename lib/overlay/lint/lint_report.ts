// The findings as text: lines for people, JSON for programs, annotations for GitHub.

import type { ByteString } from "../../bytes.ts";
import { jsonBytes } from "../../json.ts";
import { printable } from "../../printable.ts";
import { LINT_VERSION, type LintFinding, type LintReport } from "./finding.ts";
import type { LintResult } from "./lint.ts";

/** One line for each finding, those of one file together, and one that counts them. */
export function reportLines(result: LintResult): ByteString {
  const lines = result.findings.map((finding) => {
    const place = [placeName(finding), finding.line, finding.column].filter((part) => part !== undefined).join(":");
    return `${printable(place)}: ${finding.severity}: ${message(finding)}\n`;
  });
  return `${lines.join("")}${count(result)}\n`;
}

export function reportJson({ findings }: LintResult): ByteString {
  const report: LintReport = { version: LINT_VERSION, findings };
  return `${jsonBytes(report)}\n`;
}

/** Workflow commands of GitHub: the files are below the directory that was checked. */
export function reportAnnotations(result: LintResult): ByteString {
  const lines = result.findings.map((finding) => {
    const { severity, path, line, column } = finding;
    const properties = Object.entries({ file: printable(path.slice(1)), line, col: column })
      .flatMap(([name, value]) =>
        value === undefined || value === "" ? [] : [`${name}=${escapedProperty(`${value}`)}`]
      );
    const level = severity === "hint" ? "notice" : severity;
    return `::${level}${properties.length === 0 ? "" : ` ${properties.join(",")}`}::${escaped(message(finding))}\n`;
  });
  return `${lines.join("")}${count(result)}\n`;
}

function placeName({ path }: LintFinding): ByteString {
  return path === "" ? "environment" : path;
}

function message({ text, cure }: LintFinding): ByteString {
  return printable(cure === "" ? text : `${text} (${cure})`);
}

function count({ findings, isWhole }: LintResult): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const some = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  const hints = findings.filter(({ severity }) => severity === "hint").length;
  const serious = `${some(errors, "error")}, ${some(findings.length - errors - hints, "warning")}`;
  const found = hints === 0 ? serious : `${serious}, ${some(hints, "hint")}`;
  return isWhole ? found : `${found}; not a whole image: interpreters, loaders, accounts and links were not checked`;
}

function escaped(text: ByteString): ByteString {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: ByteString): ByteString {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
