import { Buffer } from "node:buffer";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { type Agent, request } from "node:https";

const hopByHop = ["connection", "keep-alive", "transfer-encoding", "host", "upgrade"];

/** Sends a request on, and gives the head of its answer. */
export function send(
  url: URL,
  method: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  agent: Agent,
  outgoing: ServerResponse,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = { ...endToEnd(headers), ...(body.length > 0 ? { "content-length": body.length } : {}) };
    const asked = request(url, { method, agent, headers: sent }, resolve);
    asked.on("error", reject);
    // A read whose asker is gone is given up; a write that was sent goes on, as it would without a proxy.
    if (method === "GET") outgoing.on("close", () => asked.destroy());
    asked.end(body);
  });
}

/** Without what is for one connection only. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}

/** Rejects when it is cut. */
export function bodyOf(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    message.on("data", (part: Buffer) => parts.push(part));
    message.on("end", () => resolve(Buffer.concat(parts)));
    message.on("error", reject);
    message.on("close", () => reject(new Error("cut")));
  });
}

/** A kubeconfig with one context, that of `server`, without a login. */
export function leadingTo(server: string): string {
  const name = "proxy";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
