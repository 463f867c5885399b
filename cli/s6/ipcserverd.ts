// s6-ipcserverd: a program for each client of the Unix domain socket on standard input. Follows its manual.

import type { ByteString } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import type { Cancel, Reactor } from "../../lib/os/os.ts";
import type { Peer, SocketOs } from "../../lib/os/parts.ts";
import { invalid, OsError, textOf, unlessRefused } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { exitCode, killedBy, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Context, daemon } from "../applet.ts";
import type { Options } from "../getopt.ts";
import { printLine } from "../print.ts";
import { withSockets } from "../sockets.ts";
import { leaveStdout } from "./leave_stdout.ts";

const OPTIONS = "1Ppc:C:v:";
/** As in s6 2.15; it was 1,000 before. */
const MOST_CLIENTS = 16_384;
const USUAL_CLIENTS = 40;
const SOCKET = 0;

export const ipcserverd: Applet = daemon({
  name: "s6-ipcserverd",
  usage: "[ -v verbosity ] [ -1 ] [ -P | -p ] [ -c maxconn ] [ -C localmaxconn ] prog...",
  summary: "run a program for each client of the Unix domain socket on standard input",
  help: {
    v: "how much is told: 0 what is fatal, 1 warnings (default), 2 each connection",
    1: "tell on standard output that it listens",
    P: "do not find out who a client is",
    p: "find out who each client is (default)",
    c: "serve at most this many clients at a time (default 40)",
    C: "serve at most this many clients of one user at a time (default the same)",
  },
  notes: [
    "The program gets the connection as standard input and output, and PROTO, IPCREMOTEEUID, IPCREMOTEEGID, IPCREMOTEPATH " +
    "and IPCCONNNUM, the number of connections of that user, in its environment.",
    "SIGTERM ends the server, SIGHUP sends TERM and CONT to all programs, SIGQUIT does both, SIGABRT kills them and ends " +
    "the server.",
  ],
  options: OPTIONS,
  least: 1,
  run: async (context, { options, args }) => {
    const settings = settingsOf(options);
    const os = await withSockets(context);
    if (!os.isInherited(SOCKET)) throw systemError("fstat", "stdin", "EBADF");
    if (os.fstat(SOCKET).kind !== "socket") throw invalid("stdin is not a socket");
    os.setNonBlocking(SOCKET, true);
    // A program that fails to start must not take the listening socket with it.
    os.setCloseOnExec(SOCKET, true);
    const server = new Server({ context, os, reactor: context.reactor() }, settings, args);
    leaveStdout(os, options.has("1"));
    server.run();
    return 0;
  },
});

interface Settings {
  /** 0 to 2. */
  readonly verbosity: number;
  readonly identifies: boolean;
  readonly most: number;
  readonly mostOfOne: number;
}

function settingsOf(options: Options<typeof OPTIONS>): Settings {
  const most = within(options.number("c") ?? USUAL_CLIENTS, MOST_CLIENTS);
  return {
    verbosity: options.number("v") ?? 1,
    identifies: options.last("P", "p") !== "P",
    most,
    mostOfOne: within(options.number("C") ?? most, most),
  };
}

function within(number: number, most: number): number {
  return Math.min(Math.max(1, number), most);
}

interface Surroundings {
  readonly context: Context;
  readonly os: SocketOs;
  readonly reactor: Reactor;
}

/** Who a client is; undefined ids where that is not looked at. */
type Client = Partial<Pick<Peer, "uid" | "gid">>;

class Server {
  private readonly clients = new Map<number, Client>();
  private readonly ofUser = new Map<number, number>();
  /** Present while there is room for a client. */
  private listening: Cancel | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly settings: Settings,
    private readonly program: readonly ByteString[],
  ) {}

  run(): void {
    const { reactor } = this.surroundings;
    reactor.onSignal(SIGNAL.CHLD, () => this.reap());
    reactor.onSignal(SIGNAL.PIPE, () => {});
    reactor.onSignal(SIGNAL.TERM, () => this.stop("SIGTERM, quitting", []));
    reactor.onSignal(SIGNAL.HUP, () => {
      this.tell("received SIGHUP, sending SIGTERM+SIGCONT to all connections");
      this.signal([SIGNAL.TERM, SIGNAL.CONT]);
    });
    reactor.onSignal(
      SIGNAL.QUIT,
      () => this.stop("SIGQUIT, sending SIGTERM+SIGCONT to all connections and quitting", [SIGNAL.TERM, SIGNAL.CONT]),
    );
    reactor.onSignal(
      SIGNAL.ABRT,
      () => this.stop("SIGABRT, sending SIGKILL to all connections and quitting", [SIGNAL.KILL]),
    );
    this.tell("starting");
    this.tellStatus();
    this.listen();
    reactor.run();
    this.tell("exiting");
  }

  private stop(why: string, signals: readonly number[]): void {
    this.tell(`received ${why}`);
    this.signal(signals);
    this.surroundings.reactor.stop();
  }

  private signal(signals: readonly number[]): void {
    for (const pid of this.clients.keys()) {
      for (const signal of signals) unlessRefused(() => this.surroundings.os.kill(pid, signal));
    }
  }

  /** Clients are taken as long as there is room; the others wait in the system's queue. */
  private listen(): void {
    const hasRoom = this.clients.size < this.settings.most;
    if (hasRoom) this.listening ??= this.surroundings.reactor.watch(SOCKET, "read", () => this.accept());
    else {
      this.listening?.();
      this.listening = undefined;
    }
  }

  private accept(): void {
    const { os } = this.surroundings;
    const fd = this.attempt("accept new connection", () => os.accept(SOCKET));
    if (fd === undefined) return;
    try {
      this.serve(fd);
    } finally {
      os.close(fd);
    }
    this.listen();
  }

  private serve(fd: number): void {
    const { os } = this.surroundings;
    const client: Client | undefined = this.settings.identifies
      ? this.attempt("identify the client, so it is not served", () => os.peerOf(fd))
      : {};
    if (client === undefined) return;
    const { mostOfOne } = this.settings;
    const count = client.uid === undefined ? undefined : this.ofUser.get(client.uid) ?? 0;
    if (count !== undefined && count >= mostOfOne) {
      this.tell(`deny ${idsOf(client)} count ${count}/${mostOfOne}`, 1);
      return;
    }
    const number = count === undefined ? undefined : count + 1;
    const pid = this.start(fd, client, number);
    if (pid === undefined) return;
    this.clients.set(pid, client);
    if (number !== undefined) this.ofUser.set(client.uid!, number);
    this.tell(`allow ${idsOf(client)} pid ${pid} count ${number ?? "?"}/${mostOfOne}`);
    this.tellStatus();
  }

  private start(fd: number, { uid, gid }: Client, count: number | undefined): number | undefined {
    const { os, context } = this.surroundings;
    os.setNonBlocking(fd, false);
    const by = context.name;
    const image = context.image
      .withVariables([
        ["PROTO", "IPC"],
        ["IPCREMOTEEUID", uid?.toString()],
        ["IPCREMOTEEGID", gid?.toString()],
        ["IPCREMOTEPATH", unlessRefused(() => os.nameOf(fd, "peer")) ?? ""],
        ["IPCCONNNUM", `${count ?? ""}`],
      ])
      .step({ do: "copy", by, from: fd, to: 0 })
      .step({ do: "copy", by, from: fd, to: 1 })
      .run(this.program);
    try {
      return context.spawn(image);
    } catch (error) {
      this.warn(textOf(error));
      return undefined;
    }
  }

  private reap(): void {
    const { os } = this.surroundings;
    for (let death = os.reap(); death !== undefined; death = os.reap()) {
      const client = this.clients.get(death.pid);
      if (client === undefined) continue;
      this.clients.delete(death.pid);
      this.forget(client);
      this.tell(`end pid ${death.pid} uid ${client.uid ?? "?"} ${endOf(death.status)}`);
      this.tellStatus();
    }
    this.listen();
  }

  private forget({ uid }: Client): void {
    if (uid === undefined) return;
    const left = this.ofUser.get(uid)! - 1;
    if (left === 0) this.ofUser.delete(uid);
    else this.ofUser.set(uid, left);
  }

  private tellStatus(): void {
    this.tell(`status: ${this.clients.size}/${this.settings.most}`);
  }

  private tell(text: string, least = 2): void {
    const { os, context } = this.surroundings;
    if (this.settings.verbosity >= least) unlessRefused(() => printLine(os, `${context.name}: info: ${text}`));
  }

  private warn(text: string): void {
    if (this.settings.verbosity >= 1) this.surroundings.context.warn(text);
  }

  /** Undefined where the system refuses; a client that is gone already is no reason for a warning. */
  private attempt<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      if (error.errno !== "EAGAIN" && error.errno !== "ECONNABORTED") this.warn(`unable to ${what}: ${error.reason}`);
      return undefined;
    }
  }
}

function idsOf({ uid, gid }: Client): string {
  return `${uid ?? "?"}:${gid ?? "?"}`;
}

function endOf(status: WaitStatus): string {
  const code = exitCode(status);
  return code === undefined ? `signal ${killedBy(status)}` : `exitcode ${code}`;
}
