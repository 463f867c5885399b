// Making an image real: as a child (spawnImage) or in place of this process (becomeImage). Both come down to one
// program file and the steps that lead to it.

import type { ByteString } from "../bytes.ts";
import type { DescriptorAction, Os, SpawnRequest } from "../os/os.ts";
import { EXIT, Failure, isErrno, OsError } from "../report.ts";
import { DescriptorPlan, type DescriptorPorts, NeedsProcess } from "./descriptor_plan.ts";
import { explain } from "./explain.ts";
import { follow, type FollowPorts, LinkError, type Links, unfollowed } from "./follow.ts";
import type { ProcessImage } from "./image.ts";
import { limited } from "./limits.ts";
import type { Step } from "./step.ts";

export type SpawnPorts = FollowPorts & DescriptorPorts & Pick<Os, "spawn">;
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
  >;

/**
 * Starts the image's command as a child and returns its pid. A chain of our own programs is computed here; where that
 * fails or cannot be done, the command is started as the kernel would start it and reports for itself.
 * @param mayBlock false in a supervisor: opening a fifo is then left to the child
 * @throws Failure 126 or 127 if the command itself cannot be executed, OsError if the system has no process to give
 */
export function spawnImage(os: SpawnPorts, links: Links, image: ProcessImage, mayBlock = true): number {
  const direct = followed(os, links, image);
  if (direct !== undefined) {
    try {
      return spawnFile(os, direct.path, direct.image, mayBlock);
    } catch (error) {
      if (direct.image === image) throw error;
      // The chain's last program cannot be started: let the chain say so itself, in its own process.
    }
  }
  const plain = unfollowed(os, links, image);
  return spawnFile(os, plain.path, plain.image, mayBlock);
}

function followed(
  os: SpawnPorts,
  links: Links,
  image: ProcessImage,
): { path: ByteString; image: ProcessImage } | undefined {
  try {
    const end = follow(os, links, image);
    return end.kind === "program" ? end : undefined;
  } catch {
    return undefined;
  }
}

/** Spawns one file with the steps of the image. */
function spawnFile(os: SpawnPorts, path: ByteString, image: ProcessImage, mayBlock: boolean): number {
  const plan = new DescriptorPlan(os, mayBlock);
  try {
    const request = plainRequest(image, plan);
    return os.spawn({ ...request, path, argv: image.argv, env: image.environment.toWords(), actions: plan.actions });
  } catch (error) {
    throw isErrno(error, "EAGAIN", "ENOMEM") ? error : unexecutable(os, image, path, error);
  } finally {
    plan.release();
  }
}

type Request = Omit<SpawnRequest, "path" | "argv" | "env" | "actions">;

/** @throws NeedsProcess if an order matters that posix_spawn does not keep */
function plainRequest(image: ProcessImage, plan: DescriptorPlan): Request {
  let request: Request = { directory: image.directory === "" ? undefined : image.directory };
  for (const step of image.steps) {
    if (request.credentials !== undefined && !AFTER_CREDENTIALS.has(step.do)) throw new NeedsProcess();
    // posix_spawn has no limits to set.
    if (step.do === "limit") throw new NeedsProcess();
    else if (step.do === "umask") request = { ...request, umask: step.mask };
    else if (step.do === "credentials") request = { ...request, credentials: step.credentials };
    else if (step.do === "session") request = { ...request, newSession: true };
    else if (step.do === "pidNamespace") request = { ...request, newPidNamespace: true };
    else if (step.do === "group") request = { ...request, processGroup: step.group };
    else if (step.do === "foreground") plan.actions.push({ do: "foreground", fd: step.fd });
    else if (step.do !== "directory") plan.add(step, image);
  }
  return request;
}

// What may follow a change of user without its order mattering.
const AFTER_CREDENTIALS: ReadonlySet<Step["do"]> = new Set([
  "umask",
  "session",
  "group",
  "foreground",
  "copy",
  "move",
  "close",
]);

function unexecutable(os: FollowPorts, image: ProcessImage, path: ByteString, error: unknown): unknown {
  if (!(error instanceof OsError)) return error;
  if (error.action !== "spawn" && error.action !== "exec") return error;
  const code = error.errno === "ENOENT" ? EXIT.notFound : EXIT.cannotExecute;
  const name = image.file ?? image.argv[0];
  return new Failure(code, `unable to exec ${name}: ${explain(os, image.resolve(path)) ?? error.reason}`);
}

/**
 * Carries out on this process what can be done without harm to the runtime, and returns the image with what is left:
 * descriptors above 2, which are put in place only when the process is replaced or a child starts.
 * @throws LinkError naming the program whose step failed
 */
export function settle(os: SettlePorts, image: ProcessImage): ProcessImage {
  const plan = new DescriptorPlan(os, true);
  let done = image.settled();
  for (const step of image.steps) {
    try {
      if (step.do === "directory") os.changeDirectory(step.path);
      else if (step.do === "umask") os.setUmask(step.mask);
      else if (step.do === "credentials") becomeUser(os, step);
      else if (step.do === "limit") os.setLimits(step.resource, limited(os.limits(step.resource), step));
      else if (step.do === "session") os.newSession();
      else if (step.do === "pidNamespace") throw new NeedsProcess();
      else if (step.do === "group") os.setProcessGroup(0, step.group);
      else if (step.do === "foreground") os.setForeground(step.fd);
      else plan.add(step, done);
    } catch (error) {
      throw error instanceof LinkError ? error : new LinkError(step.by, error);
    }
  }
  for (const action of plan.actions) {
    if (action.do === "foreground") continue;
    const target = action.do === "dup2" ? action.to : action.fd;
    if (target > 2) done = done.step(asStep(action));
    else if (action.do === "dup2") os.duplicateOnto(action.from, action.to);
    else os.close(target);
  }
  return done;
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

function asStep(action: Exclude<DescriptorAction, { do: "foreground" }>): Step {
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
export function becomeFile(os: BecomePorts, path: ByteString, image: ProcessImage): never {
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
    const failure = unexecutable(os, rest, path, error);
    throw failure instanceof Failure ? new CannotExecute(rest, failure) : failure;
  }
}

type BecomePorts = SettlePorts & FollowPorts & Pick<Os, "execute" | "isOpen" | "setCloseOnExec">;

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
