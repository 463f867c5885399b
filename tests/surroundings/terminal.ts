// A terminal of tmux for a program that draws on it: keys go in, and what the screen shows comes out.

import { output } from "../../scripts/command.ts";
import { untilFits } from "./inside.ts";

export class TestTerminal implements AsyncDisposable {
  private constructor(private readonly socket: string, private readonly directory: string) {}

  /** Runs a line of a shell at a new terminal. */
  static async open(line: string, columns: number, rows: number): Promise<TestTerminal> {
    const directory = await Deno.makeTempDir({ prefix: "terminal-" });
    const terminal = new TestTerminal(`${directory}/tmux`, directory);
    const size = ["-x", String(columns), "-y", String(rows)];
    await terminal.tmux("-f", "/dev/null", "new-session", "-d", ...size, line);
    return terminal;
  }

  /** What the screen shows now. */
  screen(): Promise<string> {
    return this.tmux("capture-pane", "-p");
  }

  /** The screen once it shows this. */
  shows(text: RegExp): Promise<string> {
    return untilFits(() => this.screen(), (screen) => text.test(screen));
  }

  /** Keys by the names that tmux has for them. */
  async press(...keys: string[]): Promise<void> {
    await this.tmux("send-keys", ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux("kill-server");
    await Deno.remove(this.directory, { recursive: true });
  }

  private tmux(...words: string[]): Promise<string> {
    return output(["tmux", "-S", this.socket, ...words]);
  }
}
