// The image as the rules see it: its files, what the overlay would do with them, and what is known besides.

import type { AccountFiles } from "../../accounts.ts";
import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import { eachCandidate } from "../../image/locate.ts";
import { MOST_ACCOUNT_BYTES } from "../own_files.ts";
import { SETTINGS } from "../settings.ts";
import { COMMANDS, USUAL_PATH } from "../boot/search_path.ts";
import type { LintFinding } from "./finding.ts";
import type { ImageTree } from "./image_tree.ts";
import type { LintedScript, Survey } from "./survey.ts";

/** Our own programs. */
export interface OwnPrograms {
  /** All of their names, but init. */
  readonly names: readonly string[];
  /** True for a path that leads to one of them though nothing is there. */
  standsIn(path: ByteString): boolean;
}

/** What a rule finds; which rule it was its table knows. */
export type LintFault = Omit<LintFinding, "rule">;

/** Places where a container has something else when it runs than the image does. */
export const OF_THE_CONTAINER = /^\/(?:run|var\/run|tmp|dev|proc|sys)(?:\/|$)/;

/** How much of a script is searched for what it makes, and of all of them. */
const SEARCHED = { each: 256 * 1024, all: 8 * 1024 * 1024 } as const;
const MAKES_ACCOUNTS = /\b(?:useradd|adduser|usermod|newusers|groupadd|addgroup|groupmod)\b|\/etc\/(?:passwd|group)\b/;

const INITIALIZING: ReadonlySet<LintedScript["role"]> = new Set(["cont-init.d", "oneshot", "oneshot's script"]);

export class LintedImage {
  private made: ByteString | undefined;
  private rules: ByteString | undefined;
  private readonly accountTexts = new Map<ByteString, ByteString>();

  constructor(
    readonly tree: ImageTree,
    readonly survey: Survey,
    readonly environment: Environment,
    readonly own: OwnPrograms,
  ) {}

  /** The image's accounts. */
  readonly accounts: AccountFiles = {
    readFile: (path) => {
      const known = this.accountTexts.get(path);
      if (known !== undefined) return known;
      const text = this.tree.readHead(path, MOST_ACCOUNT_BYTES);
      this.accountTexts.set(path, text);
      return text;
    },
  };

  /** All scripts that run before services do, as far as they can be read. */
  get initialization(): ByteString {
    const scripts = this.survey.scripts.filter(({ role }) => INITIALIZING.has(role));
    return this.made ??= this.textOf(scripts.map(({ path }) => path));
  }

  /** The rules that apply before services start. */
  get attributeRules(): ByteString {
    return this.rules ??= this.textOf(this.survey.rules);
  }

  private textOf(paths: readonly ByteString[]): ByteString {
    const texts: ByteString[] = [];
    let size = 0;
    for (const path of paths) {
      const text = this.tree.readHead(path, SEARCHED.each);
      size += text.length;
      if (size > SEARCHED.all) break;
      texts.push(text);
    }
    return texts.join("\n");
  }

  /** A command runs before everything else, and may change whatever the image has. */
  get hasHook(): boolean {
    return (this.environment.get(SETTINGS.stage2Hook.variable) ?? "") !== "";
  }

  /** Accounts may be made when the container starts. */
  get mayMakeAccounts(): boolean {
    return this.hasHook || MAKES_ACCOUNTS.test(this.initialization);
  }

  /** The file that a command's name leads to; undefined if there is none. */
  locate(name: ByteString): ByteString | undefined {
    const path = `${this.environment.get("PATH") ?? ""}:${COMMANDS}:${USUAL_PATH}`;
    for (const candidate of eachCandidate(name, path)) {
      if (candidate.startsWith("/") && this.tree.find(candidate)?.kind === "file") return candidate;
    }
    return undefined;
  }
}
