import { deepEqual, equal, ok } from "node:assert/strict";
import { ROUTES, SIGNAL_ROWS } from "../../../../lib/overlay/signals/signal_manual.ts";
import { SignalRoutes } from "../../../../lib/overlay/signals/signal_routes.ts";
import { parseRoute, SIGNALS, signalsOf, usualRoute } from "../../../../lib/overlay/signals/signals.ts";
import { Settings } from "../../../../lib/overlay/settings.ts";
import { signalName } from "../../../../lib/signals.ts";

const MEANT: Readonly<Record<string, ReturnType<typeof parseRoute>>> = {
  "stop": { do: "stop" },
  " ignore ": { do: "ignore" },
  "rescan": { do: "rescan" },
  "forward": { do: "forward" },
  "reload nginx": { do: "reload", services: ["nginx"] },
  "reload nginx  php-fpm": { do: "reload", services: ["nginx", "php-fpm"] },
  "send USR1 nginx": { do: "send", signal: 10, to: ["nginx"] },
  "send sigusr1 nginx web/log": { do: "send", signal: 10, to: ["nginx", "web/log"] },
  "send 10 all": { do: "send", signal: 10, to: "all" },
  "send HUP command": { do: "send", signal: 1, to: "command" },
  "send RTMIN3 command": { do: "send", signal: 37, to: "command" },
  "send HUP all nginx": { do: "send", signal: 1, to: ["all", "nginx"] },
  "": "unknown route; the known ones are stop, ignore, rescan, forward, reload and send",
  "Stop": "unknown route; the known ones are stop, ignore, rescan, forward, reload and send",
  "stop now": "unexpected words after stop",
  "reload": 'missing service name (for example "reload web")',
  "send": 'missing signal name (for example "send TERM web")',
  "send nginx": 'missing signal name (for example "send TERM web")',
  "send HUP": 'missing receiver: all, command or service names (for example "send TERM web")',
};

for (const [value, meant] of Object.entries(MEANT)) {
  Deno.test(`the route "${value}" is understood`, () => deepEqual(parseRoute(value), meant));
}

Deno.test("every route of the manual is one", () => {
  for (const route of Object.keys(ROUTES)) {
    equal(typeof parseRoute(route.replace("SIGNAL", "HUP").replace("SERVICE...", "web")), "object", route);
  }
});

Deno.test("the manual has every signal that can be caught, once", () => {
  const told = SIGNAL_ROWS.flatMap(({ names }) => names).filter((name) => !name.includes(" ")).sort();
  const all = Array.from({ length: 31 }, (_, at) => signalName(at + 1).slice(3));
  const wanted = [...all.filter((name) => name !== "KILL" && name !== "STOP"), "RTMIN3"].sort();
  deepEqual(told, wanted);
});

Deno.test("what the manual says of a signal is what is done", () => {
  for (const name of Object.keys(SIGNALS)) {
    const { effect } = SIGNAL_ROWS.find(({ names }) => names.includes(name))!;
    const words: Readonly<Record<string, RegExp>> = { stop: /^Stop/, ignore: /^Nothing/, rescan: /^Look for new/ };
    ok(words[usualRoute(name)]!.test(effect), name);
  }
});

Deno.test("WINCH stops, but where one of the standard descriptors is a terminal", () => {
  const route = (...terminals: readonly number[]): string =>
    usualRoute("WINCH", signalsOf({ isTerminal: (fd) => terminals.includes(fd) }));
  equal(route(), "stop");
  equal(route(3), "stop");
  for (const fd of [0, 1, 2]) equal(route(fd), "ignore", `descriptor ${fd}`);
});

interface Told {
  readonly done: string[];
  readonly warnings: string[];
  readonly routed: boolean;
}

/** What a signal does with these variables; of the services web, its logger and db; the command runs or does not. */
function signalled(name: string, variables: Readonly<Record<string, string>>, commandRuns = true): Told {
  const [done, warnings]: [string[], string[]] = [[], []];
  const warn = (line: string): void => void warnings.push(line);
  const routes = new SignalRoutes(new Settings((variable) => variables[variable], warn), warn);
  const names = ["db", "web", "web/log"];
  const scanner = {
    stop: (mode: string) => void done.push(mode),
    rescan: () => void done.push("rescan"),
    prune: () => void done.push("prune"),
    command: (service: string, command: { on: string; signal?: number }) => {
      done.push(`${command.on} ${command.signal ?? ""} ${service}`.replace("  ", " "));
      return names.includes(service);
    },
    services: () => names.map((name) => ({ name, isLogger: name.includes("/") })) as never,
  };
  const toCommand = (signal: number): boolean => (done.push(`command ${signal}`), commandRuns);
  routes.check(Object.entries(variables));
  return { done, warnings, routed: routes.follow(name, { scanner, toCommand }) };
}

Deno.test("a route is followed", () => {
  const follow = (value: string): string[] => signalled("USR1", { S6_SIGNAL_USR1: value }).done;
  deepEqual(follow("stop"), ["terminate"]);
  deepEqual(follow("ignore"), []);
  deepEqual(follow("rescan"), ["rescan", "prune"]);
  deepEqual(follow("reload web db"), ["reloadSignal web", "reloadSignal db"]);
  deepEqual(follow("send QUIT all"), ["signal 3 db", "signal 3 web"]);
  deepEqual(follow("send QUIT web/log"), ["signal 3 web/log"]);
  deepEqual(follow("send QUIT command"), ["command 3"]);
  deepEqual(follow("forward"), ["command 10"]);
});

Deno.test("without a setting a signal has its usual effect; so has one that is forwarded while there is no command", () => {
  deepEqual(signalled("TERM", {}), { done: [], warnings: [], routed: false });
  deepEqual(signalled("TERM", { S6_SIGNAL_TERM: "forward" }, false), {
    done: ["command 15"],
    warnings: [],
    routed: false,
  });
});

Deno.test("what cannot be used is told once, with what is used instead", () => {
  const { warnings, routed } = signalled("HUP", { S6_SIGNAL_HUP: "relaod web" });
  equal(routed, false);
  deepEqual(warnings, [
    'S6_SIGNAL_HUP="relaod web": unknown route; the known ones are stop, ignore, rescan, forward, reload and send; using the default, rescan',
  ]);
  const [unknown] = signalled("HUP", { S6_SIGNAL_SIGHUP: "stop" }).warnings;
  ok(unknown!.startsWith("S6_SIGNAL_SIGHUP is not used: there are S6_SIGNAL_HUP, "), unknown);
});

Deno.test("a service that is not there, or a command that does not run, is reported", () => {
  deepEqual(signalled("HUP", { S6_SIGNAL_HUP: "reload webb" }).warnings, ["S6_SIGNAL_HUP: there is no service webb"]);
  const late = signalled("HUP", { S6_SIGNAL_HUP: "send HUP command" }, false);
  deepEqual([late.warnings, late.routed], [["S6_SIGNAL_HUP: the command does not run"], true]);
});
