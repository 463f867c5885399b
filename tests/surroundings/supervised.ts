// "[services.d] done." says that process 1 was asked to supervise the services: it has not yet, and commands to them fail.

/** Words of a shell that wait until the service in the directory is supervised. */
export function untilSupervised(directory: string): string {
  return `until s6-svok ${directory} 2>/dev/null; do :; done`;
}
