// Making an image real in place of this process: the steps that lead to one program file, then the exec. For a child see
// start.ts.

import type { ByteString } from "../bytes.ts";
import type { DescriptorAction, Os } from "../os/os.ts";
import type { Step } from "../os/step.ts";
import { EXIT, Failure, isErrno, OsError } from "../report.ts";
import { DescriptorPlan, type DescriptorPorts } from "./descriptor_plan.ts";
import { unexecutable } from "./explain.ts";
import { LinkError } from "./follow.ts";
import type { ProcessImage } from "./image.ts";
import { limitsAfter } from "./limits.ts";
import type { Search } from "./search.ts";

export type SettlePorts =
  & DescriptorPorts
  & Pick<
    Os,
    | "changeDirectory"
    | "setUmask"
    | "becomeUser"
    | "newSession"
    | "limits"
    | "setLimits"
    | "setForeground"
    | "setProcessGroup"
    | "duplicateOnto"
    | "pid"
    | "close"
    | "isOpen"
  >;

/**
 * Carries out on this process what can be done without harm to the runtime, and returns the image with what is left: what
 * lands on numbers of the runtime is put in place only when the process is replaced or a child starts.
 * @throws LinkError naming the program whose step failed
 */
export function settle(os: SettlePorts, image: ProcessImage): ProcessImage {
  const plan = new DescriptorPlan(os);
  let done = image.settled();
  for (const step of image.steps) {
    try {
      if (step.do === "directory") os.changeDirectory(step.path);
      else if (step.do === "umask") os.setUmask(step.mask);
      else if (step.do === "credentials") becomeUser(os, step);
      else if (step.do === "limit") os.setLimits(step.resource, limitsAfter(os.limits(step.resource), step));
      else if (step.do === "session") os.newSession();
      else if (step.do === "pidNamespace" || step.do === "lock") {
        throw new Failure(EXIT.bug, `${step.do} is for children only`);
      } else if (step.do === "group") os.setProcessGroup(0, step.group);
      else if (step.do === "foreground") os.setForeground(step.fd);
      else plan.add(step, done);
    } catch (error) {
      throw error instanceof LinkError ? error : new LinkError(step.by, error);
    }
  }
  const pending = plan.ends().filter((action) => !plan.carryOut(action, () => carryOut(os, action)));
  plan.release(pending);
  for (const action of pending) done = done.step(asStep(action));
  return done;
}

function targetOf(action: DescriptorAction): number {
  return action.do === "dup2" ? action.to : action.fd;
}

/**
 * False, and nothing is done, where the runtime has this number, or we: what the caller gave, and what is for the programs
 * after us, stays open across exec.
 */
function carryOut(os: SettlePorts, action: DescriptorAction): boolean {
  const target = targetOf(action);
  if (target > 2 && os.isOpen(target) && !os.isInherited(target)) return false;
  if (action.do === "dup2") os.duplicateOnto(action.from, action.to);
  else if (os.isOpen(target)) os.close(target);
  return true;
}

function becomeUser(
  os: Pick<Os, "becomeUser">,
  { credentials, denied }: Pick<Step & { do: "credentials" }, "credentials" | "denied">,
): void {
  try {
    os.becomeUser(credentials);
  } catch (error) {
    throw denied !== undefined && isErrno(error, "EPERM") ? new Failure(EXIT.system, denied) : error;
  }
}

function asStep(action: DescriptorAction): Step {
  if (action.do === "dup2") return { do: "copy", by: "execline", from: action.from, to: action.to };
  return { do: "close", by: "execline", fd: action.fd };
}

/** The file of an image whose steps are done cannot be executed. */
export class CannotExecute extends Failure {
  constructor(readonly image: ProcessImage, { code, message }: Failure) {
    super(code, message);
  }
}

/**
 * Replaces this process by one file, with the image's arguments and environment, after carrying out its steps.
 * @throws LinkError from a step; CannotExecute if there are no more to be carried out
 */
export function becomeFile(os: BecomePorts, search: Search, path: ByteString, image: ProcessImage): never {
  const rest = settle(os, image);
  // The descriptors that are overwritten may be the runtime's: where this process is to go on, they are put back.
  const undo = rest.otherwise === undefined ? undefined : keepTargets(os, rest);
  for (const step of rest.steps) {
    if (step.do === "copy") os.duplicateOnto(step.from, step.to);
    else if (step.do === "close") os.close(step.fd);
  }
  try {
    return os.execute(path, image.argv, image.environment.toWords());
  } catch (error) {
    undo?.();
    const failure = error instanceof OsError
      ? unexecutable(search, rest, rest.file ?? rest.argv[0] ?? "", path, error)
      : error;
    throw failure instanceof Failure ? new CannotExecute(rest, failure) : failure;
  }
}

type BecomePorts = SettlePorts & Pick<Os, "execute" | "setCloseOnExec">;

// Out of the way of the numbers that scripts use.
const AWAY = 128;

/** Keeps the descriptors that the steps overwrite; what comes back puts them back. */
function keepTargets(os: BecomePorts, image: ProcessImage): () => void {
  const targets = image.steps.map((step) => step.do === "copy" ? step.to : step.do === "close" ? step.fd : -1);
  const kept = [...new Set(targets)].filter((fd) => os.isOpen(fd)).map((fd) => ({
    fd,
    copy: os.duplicate(fd, AWAY),
    inherited: os.isInherited(fd),
  }));
  return () => {
    for (const fd of new Set(targets)) if (os.isOpen(fd)) os.close(fd);
    for (const { fd, copy, inherited } of kept) {
      os.duplicateOnto(copy, fd);
      os.setCloseOnExec(fd, !inherited);
      os.close(copy);
    }
  };
}
