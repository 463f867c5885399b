// The settings that give signals another effect, read anew each time a signal comes, as a script may have changed them.

import type { ByteString } from "../../bytes.ts";
import { type Settings, SIGNAL_FAMILY } from "../settings.ts";
import { followRoute, parseRoute, type Route, type Routed, SIGNALS, usualRoute } from "./signals.ts";

const variableOf = (name: string): string => SIGNAL_FAMILY.prefix + name;

export class SignalRoutes {
  constructor(
    private readonly settings: Pick<Settings, "ofSignal">,
    private readonly warn: (line: ByteString) => void,
    private readonly signals: typeof SIGNALS = SIGNALS,
  ) {}

  /** Tells of variables that are of no use, so that it is known before a signal comes. */
  check(variables: Iterable<readonly [ByteString, ByteString]>): void {
    for (const [variable] of variables) {
      if (!variable.startsWith(SIGNAL_FAMILY.prefix)) continue;
      const name = variable.slice(SIGNAL_FAMILY.prefix.length);
      if (Object.hasOwn(SIGNALS, name)) this.route(name);
      else this.warn(`${variable} is not used: there are ${Object.keys(SIGNALS).map(variableOf).join(", ")}`);
    }
  }

  /** Does what a setting says about the signal; false if it is to have its usual effect. */
  follow(name: string, routed: Omit<Routed, "warn">): boolean {
    const route = this.route(name);
    const warn = (line: ByteString): void => this.warn(`${variableOf(name)}: ${line}`);
    return route !== undefined && followRoute(route, SIGNALS[name]!.signal, { ...routed, warn });
  }

  private route(name: string): Route | undefined {
    return this.settings.ofSignal(name, parseRoute, usualRoute(name, this.signals));
  }
}
