import { deepEqual, equal } from "node:assert/strict";
import { applets } from "../../cli/index.ts";
import { shortened } from "../../scripts/registry.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

Deno.test("the bundle's short registry has every applet with its module", async () => {
  const source = await Deno.readTextFile(`${ROOT}cli/index.ts`);
  const short: Record<string, () => PromiseLike<unknown>> = {};
  for (const { names, code } of shortened(source).values()) {
    const module = code.replaceAll('import("/', 'import("file:///');
    const family = (await import(`data:text/javascript,${encodeURIComponent(module)}`)).applets as typeof short;
    deepEqual(Object.keys(family), names);
    Object.assign(short, family);
  }
  deepEqual(Object.keys(short).sort(), Object.keys(applets).sort());
  for (const [name, load] of Object.entries(applets)) equal(await short[name]!(), await load(), name);
});
