import { Agent, request } from "node:https";
import type { Certificate } from "./certificates.ts";

/** Asks the API server as one client. Gives the status and the body, parsed where it is JSON. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

/** An `Ask` for the API server at `url`. Rejects when it cannot be reached within five seconds. */
export function client(url: string, ca: string, { cert, key }: Certificate): Ask {
  const agent = new Agent({ ca, cert, key });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { accept: "application/json", "content-type": "application/json", connection: "close" };
      const asked = request(new URL(path, url), { method, agent, headers, timeout: 5_000 }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => text += part);
        response.on("error", reject);
        response.on("end", () => {
          const json = response.headers["content-type"]?.startsWith("application/json") && text !== "";
          resolve({ status: response.statusCode ?? 0, body: json ? JSON.parse(text) : text });
        });
      });
      asked.on("timeout", () => asked.destroy(new Error(`${method} ${path}: no answer in 5 s`)));
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** The body of a success; throws with the server's message for any other status than those in `also`. */
export async function ok(answer: ReturnType<Ask>, ...also: number[]): Promise<unknown> {
  const { status, body } = await answer;
  if ((status >= 200 && status < 300) || also.includes(status)) return body;
  const message = typeof body === "string" ? body : (body as { message?: string }).message;
  throw new Error(`the API server answered ${status}: ${message}`);
}
