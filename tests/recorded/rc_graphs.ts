// Rows about services that know one another: dependencies, bundles, pipelines, several sources.

import { bundleOf, longrun, needs, oneshot, source } from "./definitions.ts";
import { compiled, type RecordedRow } from "./rc_row.ts";

const dependencies: readonly RecordedRow[] = [
  compiled("what is needed is not defined", source({ a: oneshot("a", needs("b")) })),
  compiled("what is needed is not defined, in a list", source({ a: longrun({ dependencies: "# x\nb\n" }) })),
  compiled("two services that need each other", source({ a: oneshot("a", needs("b")), b: oneshot("b", needs("a")) })),
  compiled("a service that needs itself", source({ a: longrun(needs("a")) })),
  compiled(
    "a circle reached from another service",
    source({
      a: oneshot("a", needs("b")),
      b: longrun(needs("c")),
      c: oneshot("c", needs("d")),
      d: longrun(needs("b")),
      e: oneshot("e", needs("a")),
    }),
  ),
  compiled(
    "a circle through a bundle",
    source({ a: oneshot("a", needs("all")), all: bundleOf("a", "b"), b: longrun() }),
  ),
  compiled(
    "a diamond of both kinds",
    source({
      a: oneshot("a", needs("b", "c")),
      b: longrun(needs("d")),
      c: oneshot("c", needs("d")),
      d: oneshot("d"),
    }),
  ),
  compiled(
    "needing a bundle is needing its members",
    source({
      a: oneshot("a", needs("all", "b")),
      all: bundleOf("b", "c", "inner"),
      inner: bundleOf("d"),
      b: longrun(),
      c: oneshot("c"),
      d: longrun(),
    }),
  ),
];

const bundles: readonly RecordedRow[] = [
  compiled("a bundle that contains itself", source({ a: bundleOf("a") })),
  compiled(
    "bundles that contain each other",
    source({ a: bundleOf("b"), b: bundleOf("c"), c: bundleOf("b"), d: oneshot("d") }),
  ),
  compiled("a bundle of what is not defined", source({ a: bundleOf("b", "c"), c: oneshot("c") })),
  compiled(
    "a nested bundle of what is not defined",
    source({ a: bundleOf("b"), b: bundleOf("c", "nobody"), c: oneshot("c") }),
  ),
  compiled(
    "flags of a bundle are those of its members",
    source({
      a: { ...bundleOf("b", "inner"), "flag-essential": "" },
      inner: { ...bundleOf("c"), "flag-recommended": "" },
      b: oneshot("b"),
      c: longrun(),
      d: longrun(),
    }),
  ),
  compiled(
    "a member that is listed twice, and through a bundle",
    source({
      a: { type: "bundle\n", contents: "b\nb\nc\n" },
      c: bundleOf("b"),
      b: oneshot("b"),
    }),
  ),
];

const pipeline = (more = {}): Record<string, Record<string, string>> => ({
  source: { ...longrun(), "producer-for": "middle\n" } as Record<string, string>,
  middle: { ...longrun(), "consumer-for": "source\n", "producer-for": "log\n" } as Record<string, string>,
  log: { ...longrun(), "consumer-for": "middle\n", "pipeline-name": "all\n", ...more } as Record<string, string>,
});

const pipelines: readonly RecordedRow[] = [
  compiled("a pipeline of three", source(pipeline()), 3),
  compiled(
    "a pipeline of three with finish scripts",
    source({
      ...pipeline({ finish: "#!/bin/sh\n" }),
      other: longrun({ finish: "#!/bin/sh\n" }),
    }),
  ),
  compiled(
    "a logger with two producers",
    source({
      a: longrun({ "producer-for": "log\n" }),
      b: longrun({ "producer-for": "log\n" }, needs("a")),
      log: longrun({ "consumer-for": "b\na\n", "pipeline-name": "both\n" }),
    }),
  ),
  compiled(
    "a pipeline without a name",
    source({
      a: longrun({ "producer-for": "log\n" }),
      log: longrun({ "consumer-for": "a\n" }),
    }),
  ),
  compiled(
    "a producer for two",
    source({
      a: longrun({ "producer-for": "l\nm\n" }),
      l: longrun({ "consumer-for": "a\n" }),
      m: longrun({ "consumer-for": "a\n" }),
    }),
  ),
  compiled("an empty producer-for", source({ a: longrun({ "producer-for": "# nobody\n" }) })),
  compiled("an empty consumer-for", source({ a: longrun({ "consumer-for": "" }) })),
  compiled("a producer that is not declared back", source({ a: longrun({ "producer-for": "l\n" }), l: longrun() })),
  compiled("a producer for a oneshot", source({ a: longrun({ "producer-for": "l\n" }), l: oneshot("l") })),
  compiled("a producer for a bundle", source({ a: longrun({ "producer-for": "l\n" }), l: bundleOf() })),
  compiled("a producer for nobody", source({ a: longrun({ "producer-for": "l\n" }) })),
  compiled("a consumer that is not declared back", source({ a: longrun(), l: longrun({ "consumer-for": "a\n" }) })),
  compiled(
    "a consumer for who produces for another",
    source({
      a: longrun({ "producer-for": "m\n" }),
      l: longrun({ "consumer-for": "a\n" }),
      m: longrun({ "consumer-for": "a\n" }),
    }),
  ),
  compiled("a consumer for a oneshot", source({ a: oneshot("a"), l: longrun({ "consumer-for": "a\n" }) })),
  compiled("a consumer for nobody", source({ l: longrun({ "consumer-for": "a\n" }) })),
  compiled(
    "a consumer with a producer of nobody, and one of its own",
    source({
      b: longrun({ "producer-for": "l\n" }),
      l: longrun({ "consumer-for": "a\nb\n" }),
    }),
  ),
  compiled(
    "a producer whose consumer is no longrun",
    source({
      a: longrun({ "consumer-for": "b\n" }),
      b: longrun({ "producer-for": "c\n" }),
      c: oneshot("c"),
    }),
  ),
  compiled(
    "a named pipeline with a producer that is no longrun",
    source({
      a: oneshot("a"),
      l: longrun({ "consumer-for": "a\n", "pipeline-name": "p\n" }),
    }),
  ),
  compiled(
    "a pipeline that goes in a circle",
    source({
      a: longrun({ "producer-for": "b\n", "consumer-for": "b\n" }),
      b: longrun({ "producer-for": "a\n", "consumer-for": "a\n" }),
    }),
  ),
  compiled(
    "a named pipeline into a circle",
    source({
      a: longrun({ "producer-for": "b\n", "consumer-for": "b\n" }),
      b: longrun({ "producer-for": "a\n", "consumer-for": "a\n" }),
      l: longrun({ "consumer-for": "a\n", "pipeline-name": "p\n" }),
    }),
  ),
  compiled("two names for a pipeline", source(pipeline({ "pipeline-name": "p\nq\n" }))),
  compiled("a pipeline with the name of a service", source(pipeline({ "pipeline-name": "log\n" }))),
  compiled("a pipeline with a name of s6-rc", source(pipeline({ "pipeline-name": "s6-rc-x\n" }))),
  compiled(
    "two pipelines of one name",
    source({
      a: longrun({ "producer-for": "l\n" }),
      l: longrun({ "consumer-for": "a\n", "pipeline-name": "p\n" }),
      b: longrun({ "producer-for": "m\n" }),
      m: longrun({ "consumer-for": "b\n", "pipeline-name": "p\n" }),
    }),
  ),
  compiled(
    "two pipelines, and a bundle that contains one",
    source({
      a: longrun({ "producer-for": "l\n" }),
      l: longrun({ "consumer-for": "a\n", "pipeline-name": "p\n" }),
      b: longrun({ "producer-for": "m\n" }),
      m: longrun({ "consumer-for": "b\n", "pipeline-name": "q\n" }),
      all: bundleOf("p", "x"),
      x: oneshot("x", needs("q")),
    }),
  ),
  compiled(
    "a pipeline-name where there is no last consumer",
    source({
      a: longrun({ "producer-for": "l\n", "pipeline-name": "p\n" }),
      b: longrun({ "pipeline-name": "q\n" }),
      l: longrun({ "consumer-for": "a\n" }),
    }),
  ),
];

const sources: readonly RecordedRow[] = [
  {
    name: "two sources are numbered one after the other",
    files: {
      ...source({ z: oneshot("z", needs("a")), y: longrun() }, "s"),
      ...source({ a: oneshot("a"), b: longrun(needs("y")) }, "t"),
    },
    script: ["s6-rc-compile -v2 d s t"],
  },
  {
    name: "a service that two sources define",
    files: { ...source({ a: oneshot("a") }, "s"), ...source({ a: longrun() }, "t") },
    script: ["s6-rc-compile d s t"],
  },
  {
    name: "the same source twice",
    files: source({ a: bundleOf() }),
    script: ["s6-rc-compile d s s"],
  },
  {
    name: "one of two sources is empty",
    files: { ...source({ a: oneshot("a") }), t: { directory: 0o755 } },
    script: ["s6-rc-compile d t s/"],
  },
];

export const graphRows: readonly RecordedRow[] = [...dependencies, ...bundles, ...pipelines, ...sources];
