// What the system tells of a file, for os.ts and door_port.ts, which both speak of it.

/** What stat(2) tells. `mode` holds the permission bits only (07777). Times are nanoseconds since 1970. */
export interface FileStatus {
  readonly kind: "file" | "directory" | "link" | "fifo" | "socket" | "character" | "block";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  readonly device: number;
  readonly inode: number;
  readonly modified: bigint;
  readonly accessed: bigint;
}
