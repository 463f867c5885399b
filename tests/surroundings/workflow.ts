// The workflows of GitHub, and the steps in them that run something, as a shell gets them.

import { parse } from "npm:yaml@2.8.1";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const DIRECTORY = `${ROOT}.github/workflows`;

type Variables = Readonly<Record<string, string>>;

interface Step {
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Variables;
}

interface Workflow {
  readonly env?: Variables;
  readonly jobs: Readonly<Record<string, { readonly env?: Variables; readonly steps?: readonly Step[] }>>;
}

interface WorkflowFile {
  /** As `ci.yml`. */
  readonly name: string;
  readonly text: string;
}

/** A step that runs something. */
export interface RunStep {
  readonly workflow: string;
  readonly job: string;
  /** What the shell gets, but for expressions, which GitHub replaces before. */
  readonly run: string;
  /** Of the workflow, the job and the step. */
  readonly env: Variables;
}

export const WORKFLOWS: readonly WorkflowFile[] = Array.from(Deno.readDirSync(DIRECTORY), ({ name }) => name).sort()
  .map((name) => ({ name, text: Deno.readTextFileSync(`${DIRECTORY}/${name}`) }));

/** Of all workflows, in their order. @throws Error for a step that another shell than bash runs */
export function runSteps(workflows: readonly WorkflowFile[] = WORKFLOWS): RunStep[] {
  return workflows.flatMap(({ name, text }) => {
    const { env, jobs } = parse(text) as Workflow;
    return Object.entries(jobs).flatMap(([job, { env: ofJob, steps = [] }]) =>
      steps.flatMap(({ run, shell = "bash", env: ofStep }) => {
        if (run === undefined) return [];
        if (shell !== "bash") throw new Error(`${name}: ${job}: a step for ${shell}: the tests run bash only`);
        return [{ workflow: name, job, run, env: { ...env, ...ofJob, ...ofStep } }];
      })
    );
  });
}

/** The text with what stands for each expression. */
export function withExpressions(text: string, valueOf: (expression: string) => string): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression) => valueOf(expression));
}
