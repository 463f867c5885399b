// What is remembered of the scripts of a container's boot and stop, and of its command.

import type { ByteString } from "../../bytes.ts";
import { baseName } from "../../image/locate.ts";
import type { ChildNews } from "../../supervise/start.ts";
import type { ScriptPorts } from "../scripts.ts";
import { exitOf } from "./exit.ts";
import type { Exit, Moment, ScriptKind, ScriptSnapshot } from "./snapshot.ts";

/** Of a boot with more scripts the first ones are forgotten. */
const MOST = 1000;

interface ScriptPortsSeen {
  readonly now: () => Moment;
  /** A script has begun, or ended so. */
  readonly onChange: (script: ScriptSnapshot) => void;
}

export class ScriptRecords {
  private readonly records = new Map<number, ScriptSnapshot>();
  private count = 0;

  constructor(private readonly ports: ScriptPortsSeen) {}

  /**
   * The same way to start something, noted here.
   * @param kind what is started; left out, it is a script by its name
   */
  noting(start: ScriptPorts["start"], kind?: ScriptKind): ScriptPorts["start"] {
    return (image, name, news) => {
      const number = this.count++;
      const ended: ChildNews["ended"] = (status, failure) => {
        this.end(number, exitOf(status));
        news.ended(status, failure);
      };
      const child = start(image, name, { ...news, ended });
      const [kindOfName, own] = split(name);
      const isCommand = kind === "command";
      this.begin(number, {
        kind: kind ?? kindOfName,
        // The other words of a command may be secret.
        name: isCommand ? baseName(image.argv[0] ?? "") : own,
        pid: child.pid,
        started: this.ports.now(),
        ended: null,
        exit: null,
      });
      return child;
    };
  }

  list(): readonly ScriptSnapshot[] {
    return [...this.records.values()];
  }

  private begin(number: number, script: ScriptSnapshot): void {
    this.records.set(number, script);
    for (const oldest of this.records.keys()) {
      if (this.records.size <= MOST) break;
      this.records.delete(oldest);
    }
    this.ports.onChange(script);
  }

  private end(number: number, exit: Exit): void {
    const script = this.records.get(number);
    if (script === undefined) return;
    const over = { ...script, ended: this.ports.now(), exit };
    this.records.set(number, over);
    this.ports.onChange(over);
  }
}

/** "cont-init.d/10-x" is the script 10-x. */
function split(name: ByteString): [ScriptKind, ByteString] {
  for (const kind of ["cont-init.d", "cont-finish.d"] as const) {
    if (name.startsWith(`${kind}/`)) return [kind, name.slice(kind.length + 1)];
  }
  return ["task", name];
}
