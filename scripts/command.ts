// Running other programs from the project's scripts: each call names the program and fails with what it printed.

/** Runs a program to its end and returns its standard output. Throws with its standard error if it fails. */
export async function output(
  argv: readonly string[],
  options: Omit<Deno.CommandOptions, "args"> = {},
): Promise<string> {
  const [program, ...args] = argv;
  const result = await new Deno.Command(program!, { ...options, args, stdout: "piped", stderr: "piped" }).output();
  const decoder = new TextDecoder();
  if (!result.success) throw new Error(`${argv.join(" ")}: exit code ${result.code}\n${decoder.decode(result.stderr)}`);
  return decoder.decode(result.stdout);
}

/** True if the program is found in PATH. */
export function isInstalled(program: string): boolean {
  const path = Deno.env.get("PATH") ?? "/usr/bin:/bin";
  return path.split(":").some((directory) => isFile(`${directory}/${program}`));
}

/** True if the path leads to something that exists. */
export function isFile(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A digest that names content: of texts, and of files by path, size and time. */
export async function fingerprint(texts: readonly string[], files: readonly string[] = []): Promise<string> {
  const stamps = files.map((path) => {
    const { size, mtime } = Deno.statSync(path);
    return `${path} ${size} ${mtime?.getTime()}`;
  });
  const bytes = new TextEncoder().encode(JSON.stringify([texts, stamps]));
  return hexadecimal(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 16);
}

export function hexadecimal(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
