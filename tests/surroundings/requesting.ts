// A program that sends one request after the other to an address, several at a time, each on a connection of its own, and
// prints what has come of each in a line: the status and the body, or the failure. It ends after a line on standard input.
// Usage: deno run -A requesting.ts COUNT ADDRESS...

const [count = "1", ...addresses] = Deno.args;
// A connection that is kept may be closed by the server just as the next request is sent.
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
let over = false;

async function request(address: string): Promise<string> {
  try {
    const response = await fetch(address, { client, headers: { connection: "close" } });
    return `${response.status} ${(await response.text()).trim()}`;
  } catch (error) {
    return `failed: ${error}`;
  }
}

async function requestAll(at: number): Promise<void> {
  for (let number = at; !over; number++) console.log(await request(addresses[number % addresses.length]!));
}

const all = Array.from({ length: Number(count) }, (_, at) => requestAll(at));
await Deno.stdin.read(new Uint8Array(1));
over = true;
await Promise.all(all);
client.close();
