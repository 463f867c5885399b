// The logging script at work: each batch of lines goes to the script's actions. What several actions do to one
// destination is put together line by line; a destination that takes every line as it is gets the batch untouched.
// Follows s6-log(8), actions.

import type { ByteString } from "../bytes.ts";
import type { Instant } from "../os/os.ts";
import type { Keeping, LogAction, Script } from "./directive.ts";
import { Header } from "./header.ts";
import { type Bytes, LineEnds } from "./lines.ts";
import { type Selected, Selector } from "./selector.ts";
import type { Zone } from "./timezone.ts";

const NEWLINE = 10;
const CUT_MARK = [46, 46, 46, NEWLINE];
/** What stamped lines are put together in: as much as a read brings, with its stamps, and no more than is written at once. */
const LEAST_OUTPUT = 4096;
const MOST_OUTPUT = 65536;

/** Takes whole lines. The bytes are valid during the call only. */
export interface Sink {
  write(lines: Bytes): void;
}

/** Where actions lead. A directory is opened when it is first named. */
interface Sinks {
  readonly stdout: Sink;
  readonly stderr: Sink;
  directory(path: ByteString, keeping: Keeping): Sink;
  /** Replaces a status file. */
  status(file: ByteString, content: Bytes): void;
}

/** One action's share of a destination. */
interface Part {
  readonly group: number;
  readonly header: Header;
  /** The length in bytes to which longer texts are cut; 0 is never. */
  readonly cut: number;
}

interface StatusFile {
  readonly group: number;
  readonly header: Header;
  readonly file: ByteString;
  readonly size: number;
}

export class Logger {
  private readonly selector: Selector;
  private readonly destinations = new Map<Sink, Part[]>();
  private readonly statusFiles: StatusFile[] = [];
  private readonly headers: Header[] = [];
  private readonly ends = new LineEnds();
  private output: Bytes = new Uint8Array(0);

  /**
   * Opens what the script names.
   * @param zone the zone of local stamps, asked for if there is one
   */
  constructor(script: Script, private readonly sinks: Sinks, private readonly zone: () => Zone) {
    this.selector = new Selector(script.groups);
    script.groups.forEach(({ actions }, group) => actions.forEach((action) => this.add(action, group)));
  }

  private add(action: LogAction, group: number): void {
    const header = new Header(action.label, this.zone, action.do === "alert" ? "s6-log: alert: " : "");
    this.headers.push(header);
    if (action.do === "status") {
      this.statusFiles.push({ group, header, file: action.file, size: action.size });
      return;
    }
    const sink = action.do === "directory"
      ? this.sinks.directory(action.path, action.keeping)
      : action.do === "alert"
      ? this.sinks.stderr
      : this.sinks.stdout;
    const parts = this.destinations.get(sink) ?? [];
    parts.push({ group, header, cut: action.do === "alert" ? action.cut : 0 });
    this.destinations.set(sink, parts);
  }

  /** Lets every action work on these whole lines, which came at this moment. */
  write(lines: Bytes, now: Instant): void {
    if (lines.length === 0) return;
    for (const header of this.headers) header.begin(now);
    this.ends.clear();
    const selected = this.selector.select(lines, this.ends);
    for (const [sink, parts] of this.destinations) {
      const [{ group, header, cut }] = parts as [Part];
      const asTheyAre = parts.length === 1 && header.empty && cut === 0;
      if (!asTheyAre) this.render(lines, parts, selected, sink);
      else if (selected[group] === undefined) sink.write(lines);
      else this.copyRuns(lines, selected[group], sink);
    }
    if (this.statusFiles.length > 0) this.replaceStatusFiles(lines, selected);
  }

  /** What a file that is named twice holds in the end is the last line that goes there by either. */
  private replaceStatusFiles(lines: Bytes, selected: readonly Selected[]): void {
    this.countLines(lines);
    const last = this.statusFiles.map(({ group }) => this.lastLine(selected[group]));
    for (const [at, status] of this.statusFiles.entries()) {
      const line = last[at]!;
      const isOutdone = this.statusFiles.some(({ file }, other) =>
        file === status.file && (other > at ? last[other]! >= line : last[other]! > line)
      );
      if (line >= 0 && !isOutdone) this.replaceStatus(lines, status, line);
    }
  }

  /** The last line that is selected, or -1. */
  private lastLine(selected: Selected): number {
    let line = this.ends.count - 1;
    while (line >= 0 && selected?.(line) === false) line--;
    return line;
  }

  private countLines(lines: Bytes): number {
    if (this.ends.count === 0) this.ends.read(lines);
    return this.ends.count;
  }

  /** Lines that follow one another are copied as one piece. */
  private copyRuns(lines: Bytes, selected: (line: number) => boolean, sink: Sink): void {
    const { ends } = this;
    const output = this.outputFor(lines.length);
    let length = 0;
    for (let line = 0; line < ends.count;) {
      const from = line;
      while (line < ends.count && selected(line)) line++;
      if (line === from) {
        line++;
        continue;
      }
      const run = lines.subarray(ends.after(from - 1), ends.after(line - 1));
      output.set(run, length);
      length += run.length;
    }
    if (length > 0) sink.write(output.subarray(0, length));
  }

  private render(lines: Bytes, parts: readonly Part[], selected: readonly Selected[], sink: Sink): void {
    const count = this.countLines(lines);
    const { ends } = this;
    let output = this.outputFor(Math.min(2 * lines.length, MOST_OUTPUT));
    let length = 0;
    let begin = 0;
    for (let line = 0; line < count; line++) {
      const end = ends.after(line);
      for (const { group, header, cut } of parts) {
        if (selected[group]?.(line) === false) continue;
        const lead = header.of(line);
        if (length + lead.length + end - begin + CUT_MARK.length > output.length) {
          if (length > 0) sink.write(output.subarray(0, length));
          length = 0;
          output = this.outputFor(lead.length + end - begin + CUT_MARK.length);
        }
        output.set(lead, length);
        length += lead.length;
        const long = cut > 0 && end - begin - 1 > cut + 3;
        output.set(lines.subarray(begin, long ? begin + cut : end), length);
        if (long) output.set(CUT_MARK, length + cut);
        length += long ? cut + CUT_MARK.length : end - begin;
      }
      begin = end;
    }
    if (length > 0) sink.write(output.subarray(0, length));
  }

  private outputFor(size: number): Bytes {
    if (this.output.length < Math.max(size, LEAST_OUTPUT)) {
      this.output = new Uint8Array(Math.max(size, 2 * this.output.length, LEAST_OUTPUT));
    }
    return this.output;
  }

  /** Puts a line into the file. Those before it would be replaced at once. */
  private replaceStatus(lines: Bytes, { header, file, size }: StatusFile, line: number): void {
    const lead = header.of(line);
    const text = lines.subarray(this.ends.after(line - 1), this.ends.after(line));
    const whole = lead.length + text.length;
    const content = new Uint8Array(Math.max(whole, size)).fill(NEWLINE);
    content.set(lead);
    content.set(text, lead.length);
    this.sinks.status(file, size === 0 ? content : content.subarray(0, size));
  }
}
