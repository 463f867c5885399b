// A service of the scan directory with its logger, if it has one, and the pipe between them.

import type { ByteString } from "../bytes.ts";
import type { LogPipe } from "./log_pipe.ts";
import type { SupervisedService } from "./supervised_service.ts";

export class Pair {
  /** Its directory is there: its supervisors are replaced when they end. */
  isActive = true;
  /** Its directory is there again, but its pipe is gone: it must be started afresh. */
  isWantedAfresh = false;
  private lost = false;
  private released = false;

  /** The logger first: it must be there when the service writes. */
  readonly members: readonly SupervisedService[];

  /** @param key device and inode of the service directory */
  constructor(
    readonly key: string,
    readonly service: SupervisedService,
    readonly logger: SupervisedService | undefined,
    private readonly pipe: LogPipe | undefined,
  ) {
    this.members = logger === undefined ? [service] : [logger, service];
  }

  get isSupervised(): boolean {
    return this.members.some((member) => member.isSupervised);
  }

  begin(): void {
    for (const member of this.members) member.open();
    for (const member of this.members) member.begin();
  }

  /** Its directory is in the scan directory again, or still, under this path. */
  seen(directory: ByteString): void {
    if (this.lost) this.isWantedAfresh = true;
    else this.isActive = true;
    this.service.moveTo(directory);
    this.logger?.moveTo(`${directory}/log`);
  }

  /** Its directory is gone. What does not work now is not replaced any more. */
  vanished(): void {
    this.isActive = false;
    this.isWantedAfresh = false;
    for (const member of this.members) member.vanished();
    if (this.members.some((member) => !member.isSupervised)) this.loseHalf();
  }

  /** One half of an inactive pair has ended: without the pipe the other will end too. */
  loseHalf(): void {
    this.lost = true;
    this.releasePipe();
  }

  /** Lets go of the scanner's ends of the pipe. */
  releasePipe(): void {
    if (this.released) return;
    this.released = true;
    this.pipe?.release("read");
    this.pipe?.release("write");
  }

  /** Has service and logger end. A logger that is not told to ends at the end of its input. */
  end(loggersToo: boolean): void {
    this.service.signal(this.service.isLogger && !loggersToo ? "hup" : "term");
    this.logger?.signal(loggersToo ? "term" : "hup");
  }

  /**
   * Has the service end; the logger stays up as long as that takes, and the caller that learns of its end calls
   * endLogger().
   */
  endInOrder(): void {
    if (this.service.isSupervised) this.service.signal("term");
    else this.endLogger();
  }

  /** Nothing more will be written. */
  endLogger(): void {
    this.releasePipe();
    this.logger?.endWithInput();
  }

  abandon(): void {
    for (const member of this.members) member.abandon();
    this.releasePipe();
  }
}
