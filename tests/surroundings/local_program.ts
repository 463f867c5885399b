// Runs programs, ours of dist/local before those of the machine, in an environment that has nothing else.

export const LOCAL = new URL("../../dist/local/", import.meta.url).pathname;

interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runLocal(argv: readonly string[], input = "", cwd = "/"): Promise<End> {
  const [program, ...args] = argv;
  const PATH = `${LOCAL}command:/usr/bin:/bin`;
  const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(program!, { args, cwd, clearEnv: true, env: { PATH }, ...streams }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}
