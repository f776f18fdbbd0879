import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import process from "node:process";

export interface TlsServer {
  /** `127.0.0.1:port`. */
  host: string;
  stop(): Promise<void>;
}

export interface TlsServerOptions {
  cert: string;
  key: string;
  /** PEM of the authority by which a client's certificate is asked for; one without gets 403. */
  clientCa?: string;
  /** What is answered: an index, or where to go. */
  index?: string;
  location?: string;
}

const node = fileURLToPath(new URL("../../../../node_modules/.bin/node", import.meta.url));
const program = `
const { cert, key, clientCa, index, location } = JSON.parse(process.env.OPTIONS);
const tls = clientCa ? { ca: clientCa, requestCert: true, rejectUnauthorized: false } : {};
const server = require("node:https").createServer({ cert, key, ...tls }, (request, response) => {
  if (clientCa && !request.socket.authorized) return response.writeHead(403).end();
  if (location) return response.writeHead(302, { location }).end();
  response.end(index);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
`;

/** An https server on loopback in a process of Node, since Deno's asks no client for a certificate. It ends with this process. */
export async function tlsServer(options: TlsServerOptions): Promise<TlsServer> {
  const child = spawn(node, ["-e", program], {
    env: { PATH: process.env.PATH ?? "", OPTIONS: JSON.stringify(options) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (text) => resolve(String(text).trim()));
    child.once("exit", () => reject(new Error("the TLS server did not start")));
  });
  return {
    host: `127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.stdin.end();
      }),
  };
}
