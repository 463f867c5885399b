// All that an image of generation 3 defines, in files in memory: the bundles of users in both places, and what every image has.

import { deepEqual, equal, throws } from "node:assert/strict";
import { imageDefinitions } from "../../../../lib/overlay/rc/image_definitions.ts";
import { compileDefinitions } from "../../../../lib/rc/compile.ts";
import { DefinitionFailure } from "../../../../lib/rc/definition.ts";
import type { Graph } from "../../../../lib/rc/graph.ts";
import { diskWith, filesIn } from "../../rc/disk.ts";

function graphOf(files: Readonly<Record<string, string>>): Graph {
  const definitions = imageDefinitions(
    filesIn(diskWith(files)),
    { sources: "s", bundles: "b" },
    () => {},
    undefined,
    "shipped",
  );
  return compileDefinitions(definitions, () => {}).graph;
}

function membersOf(graph: Graph, bundle: string): string[] {
  return graph.bundles.get(bundle)!.map((number) => graph.services[number]!.name);
}

function needsOf(graph: Graph, service: string): string[] {
  return graph.services.find(({ name }) => name === service)!.needs.map((number) => graph.services[number]!.name);
}

const oneshot = (name: string): Record<string, string> => ({ [`s/${name}/type`]: "oneshot", [`s/${name}/up`]: "x" });

Deno.test("every image has the steps of generation 2, in their order, and the bundle that the boot brings up", () => {
  const graph = graphOf({});
  const steps = ["fix-attrs", "legacy-cont-init", "legacy-services"];
  deepEqual(membersOf(graph, "top"), steps);
  deepEqual(membersOf(graph, "base"), steps.slice(0, 2));
  deepEqual(needsOf(graph, "legacy-cont-init"), ["s6rc-oneshot-runner", "fix-attrs"]);
  deepEqual([membersOf(graph, "user"), membersOf(graph, "user2")], [[], []]);
});

Deno.test("services.d waits for what users start, and what they start last may wait for services.d", () => {
  const graph = graphOf({
    ...oneshot("a"),
    ...oneshot("z"),
    "s/z/dependencies.d/legacy-services": "",
    "b/user/type": "bundle\n",
    "b/user/contents.d/a": "",
    "b/user2/contents": "z\n",
  });
  deepEqual(needsOf(graph, "legacy-services"), ["s6rc-oneshot-runner", "a", "fix-attrs", "legacy-cont-init"]);
  deepEqual(needsOf(graph, "z"), ["s6rc-oneshot-runner", "legacy-services"]);
});

Deno.test("both places count for a bundle of users, and neither needs a type", () => {
  const files = { ...oneshot("a"), ...oneshot("b"), "s/user/contents.d/a": "", "b/user/contents": "a\nb\n" };
  deepEqual(membersOf(graphOf(files), "user"), ["a", "b"]);
});

const SHIPPED = {
  "shipped/x/type": "oneshot",
  "shipped/x/up": "shipped",
  "shipped/y/type": "oneshot",
  "shipped/y/up": "shipped",
  "shipped/y/dependencies.d/x": "",
};

Deno.test("definitions that are shipped count if one of them is named", () => {
  const named = graphOf({ ...oneshot("a"), "s/a/dependencies.d/y": "", ...SHIPPED });
  deepEqual(needsOf(named, "a"), ["s6rc-oneshot-runner", "y"]);
  deepEqual(needsOf(named, "y"), ["s6rc-oneshot-runner", "x"]);
  const unnamed = graphOf({ ...oneshot("a"), ...SHIPPED });
  deepEqual(unnamed.services.filter(({ name }) => name === "x" || name === "y"), []);
});

Deno.test("what an image defines itself takes the place of what is shipped", () => {
  const { services } = graphOf({ ...oneshot("x"), "b/user/contents": "y\n", ...SHIPPED });
  deepEqual(
    services.flatMap((service) => service.kind === "oneshot" && /^[xy]$/.test(service.name) ? [service.up] : []),
    [
      ["shipped"],
      ["x"],
    ],
  );
});

const WRONG: readonly (readonly [what: string, files: Readonly<Record<string, string>>, text: RegExp])[] = [
  ["a bundle of users that is a service", { ...oneshot("user") }, /^s\/user is not a bundle, and user is one$/],
  ["a service with the name of a step", oneshot("legacy-services"), /^duplicate service definition: legacy-services /],
  ["a name in both places", { ...oneshot("a"), "b/a/type": "bundle", "b/a/contents": "" }, /^duplicate service .* a /],
  ["a name that nothing has", { "b/user/contents.d/a": "" }, /^during resolution of bundle user: undefined .* a$/],
];

for (const [what, files, text] of WRONG) {
  Deno.test(`it is wrong, and told with a cure: ${what}`, () => {
    throws(() => graphOf(files), (error) => {
      equal(
        error instanceof DefinitionFailure && text.test(error.message) && error.cure !== undefined,
        true,
        `${error}`,
      );
      return true;
    });
  });
}
