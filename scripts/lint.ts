// The house rules that are about code, as a plugin of `deno lint`: who may touch the system, who may name a setting,
// where state may live, how long a function may be. The rules about files and their imports are in house.ts.

/// <reference lib="deno.unstable" />

import { isWaived } from "./waivers.ts";

type Rule = Deno.lint.Rule;
type Visitor = Deno.lint.LintVisitor;
type Report = (node: Deno.lint.Node, message: string) => void;

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);
const LONGEST_FUNCTION = 50;
const SETTING = /^S6_/;

/** A rule for the files that `applies` picks, by their path from the root of the project. */
function rule(
  name: string,
  applies: (file: string) => boolean,
  visit: (report: Report, text: string) => Visitor,
): Rule {
  return {
    create: (context) => {
      const file = context.filename.startsWith(ROOT) ? context.filename.slice(ROOT.length) : context.filename;
      if (!applies(file) || isWaived(name, file)) return {};
      return visit((node, message) => context.report({ node, message }), context.sourceCode.text);
    },
  };
}

/** Code that runs in a container. */
function isProgram(file: string): boolean {
  return file.startsWith("lib/") || file.startsWith("cli/") || file === "mod.ts";
}

const systemOnlyInOs = rule(
  "system-only-in-os",
  (file) => isProgram(file) && !file.startsWith("lib/os/") && !["cli/load.ts", "cli/main.ts"].includes(file),
  (report) => ({
    Identifier: (node) => {
      if (node.name !== "Deno") return;
      const { parent } = node;
      // A type of Deno, or a property that happens to be called so, touches nothing.
      if (parent.type === "MemberExpression" && parent.property === node && !parent.computed) return;
      report(node, "The system is a parameter: only lib/os, cli/load.ts and cli/main.ts may touch Deno.");
    },
  }),
);

/** Settings, and what is named as they are. */
const NAMES = ["lib/overlay/settings.ts", "lib/overlay/variable_names.ts"];

const settingsOnlyInSettings = rule(
  "settings-only-in-settings",
  (file) => (isProgram(file) || file.startsWith("scripts/")) && !NAMES.includes(file),
  (report) => {
    const message = `Names that begin with S6_ are declared in ${NAMES.join(" and ")}, and no other file spells them.`;
    return {
      Literal: (node) => {
        if (typeof node.value === "string" && SETTING.test(node.value)) report(node, message);
      },
      TemplateElement: (node) => {
        if (SETTING.test(node.cooked)) report(node, message);
      },
    };
  },
);

const noModuleState = rule(
  "no-module-state",
  (file) => isProgram(file) && !file.startsWith("lib/os/") || file.startsWith("scripts/"),
  (report) => ({
    VariableDeclaration: (node) => {
      const { type } = node.parent;
      if (node.kind !== "const" && (type === "Program" || type === "ExportNamedDeclaration")) {
        report(node, "A module holds no state: pass it, or keep it in an object.");
      }
    },
  }),
);

/** What of the engine is random, by what it is a member of. */
const OF_THE_ENGINE: Readonly<Record<string, ReadonlySet<string>>> = {
  Math: new Set(["random"]),
  crypto: new Set(["getRandomValues", "randomUUID", "subtle"]),
};

const randomFromSystem = rule("random-from-system", isProgram, (report) => ({
  MemberExpression: (node) => {
    const { object, property } = node;
    // globalThis.crypto is crypto.
    const name = object.type === "Identifier"
      ? object.name
      : object.type === "MemberExpression" && object.property.type === "Identifier"
      ? object.property.name
      : "";
    const member = property.type === "Identifier" ? property.name : property.type === "Literal" ? property.value : "";
    if (!OF_THE_ENGINE[name]?.has(`${member}`)) return;
    report(
      node,
      "All that go on from a checkpoint have the engine's same random numbers: take them from getrandom(2), which os.randomBytes does.",
    );
  },
}));

const shortFunctions = rule("short-functions", isProgram, (report, text) => {
  const check = (node: Deno.lint.Node): void => {
    const lines = text.slice(node.range[0], node.range[1]).split("\n").length;
    if (lines > LONGEST_FUNCTION) report(node, `This function has ${lines} lines; ${LONGEST_FUNCTION} are the most.`);
  };
  return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
});

/** Calls that are made with a list spread out, where it should be gone through. */
const TAKERS = new Set(["push", "unshift", "splice", "fromCharCode", "max", "min"]);

const noSpreadLists = rule("no-spread-lists", isProgram, (report) => ({
  CallExpression: (node) => {
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
    if (!TAKERS.has(callee.property.name) || !node.arguments.some(({ type }) => type === "SpreadElement")) return;
    report(node, "A list spread into arguments lies on the stack, which a long one overflows: go through it.");
  },
}));

/** What reads ICU's data for a language: unused.ts empties that in the runtime. */
const OF_LANGUAGES = /^(Intl|localeCompare|toLocale\w*String|toLocale(Lower|Upper)Case)$/;

const noLanguages = rule("no-languages", isProgram, (report) => ({
  Identifier: (node) => {
    if (OF_LANGUAGES.test(node.name)) report(node, "The runtime has no data of languages: compare and print bytes.");
  },
}));

/** What changes or counts something that all tests which run side by side in one process have in common. */
const OF_THE_PROCESS = new Set(["umask", "chdir", "prlimit64"]);

const processOnlyInOsTests = rule(
  "process-only-in-os-tests",
  (file) => /^tests\/(cli|lib|simulation)\//.test(file) && !file.startsWith("tests/lib/os/"),
  (report) => ({
    MemberExpression: ({ property }) => {
      if (property.type !== "Identifier" || !OF_THE_PROCESS.has(property.name)) return;
      report(
        property,
        "Tests that change what the whole process has are in tests/lib/os, which runs one after another.",
      );
    },
  }),
);

/** What makes the errors of system calls, and the loader, which has no module of the program. */
const OF_ERRORS = ["lib/report.ts", "lib/errno.ts", "cli/load.ts"];

const systemErrorsFromSystem = rule(
  "system-errors-from-system",
  (file) => isProgram(file) && !file.startsWith("lib/os/") && !OF_ERRORS.includes(file),
  (report) => ({
    NewExpression: (node) => {
      if (node.callee.type !== "Identifier" || node.callee.name !== "OsError") return;
      report(node, "Only lib/os knows an errno: use systemError, unsuitable, or about() of the error that was met.");
    },
  }),
);

const privateByWord = rule("private-by-word", () => true, (report) => ({
  PrivateIdentifier: (node) => report(node, "Members are private by the word private, as everywhere here, not by #."),
}));

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "system-only-in-os": systemOnlyInOs,
    "settings-only-in-settings": settingsOnlyInSettings,
    "no-module-state": noModuleState,
    "random-from-system": randomFromSystem,
    "short-functions": shortFunctions,
    "no-spread-lists": noSpreadLists,
    "no-languages": noLanguages,
    "process-only-in-os-tests": processOnlyInOsTests,
    "system-errors-from-system": systemErrorsFromSystem,
    "private-by-word": privateByWord,
  },
};

export default plugin;
