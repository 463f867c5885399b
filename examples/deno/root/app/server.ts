const server = Deno.serve({ hostname: "0.0.0.0", port: 8080, onListen: ready }, () => {
  return new Response("Hello from Deno\n");
});

// The supervisor reads a line of standard output, and no more: what is to be logged goes to console.error.
function ready(): void {
  console.log("ready");
}

// A stop: no new connection, and the end when the requests that are being answered are over.
Deno.addSignalListener("SIGTERM", async () => {
  await server.shutdown();
  Deno.exit(0);
});
