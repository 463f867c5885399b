const { createServer } = require("node:http");
const { closeSync, writeSync } = require("node:fs");

const server = createServer((_request, response) => {
  response.end("Hello from Node.js\n");
});

server.listen(8080, () => {
  // The supervisor reads this from the descriptor in the file notification-fd.
  writeSync(3, "\n");
  closeSync(3);
});

// A stop: no new connection, and the end when the requests that are being answered are over.
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
});
