import type { Decision } from "../../core/requests/update_request.ts";
import { pause } from "./suite.ts";

/** What a server of the operator answered. */
export interface Answer {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any
  body: any;
}

/** One call. Rejects where there is no answer. */
export async function call(url: string, init: RequestInit & { json?: unknown } = {}): Promise<Answer> {
  const { json, ...rest } = init;
  const headers = new Headers(rest.headers);
  if (json !== undefined) headers.set("content-type", "application/json");
  const signal = AbortSignal.timeout(30_000);
  const method = json === undefined ? "GET" : "POST";
  const response = await fetch(url, {
    method,
    signal,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...rest,
    headers,
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
}

export interface WebhookOptions {
  /** Bearer token. */
  token?: string;
  /** Default `/webhook/registry`. */
  path?: string;
}

/** One webhook call. `base` is the URL of the operator's webhook port. */
export function webhook(base: string, body: unknown, { token, path = "/webhook/registry" }: WebhookOptions = {}) {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return call(base + path, { json: body, headers });
}

/** Calls again, as a registry would, until it is acknowledged; what was acknowledged is never sent again. */
export async function untilAcknowledged(base: string, body: unknown, options?: WebhookOptions): Promise<Answer> {
  return await again(() => webhook(base, body, options), ({ status }) => status >= 200 && status < 300);
}

/** Decides over the API until it is stored, or was stored by a call whose answer never came (409). */
export async function untilDecided(api: string, key: string, decision: Decision): Promise<Answer> {
  return await again(() => decide(api, key, decision), ({ status }) => status === 200 || status === 409);
}

/** Takes a container, `namespace/name/container`, back to an image until that is stored, or was by a call without an answer (409). */
export async function untilRolledBack(api: string, container: string, image: string): Promise<void> {
  const json = { image, user: "ann", reason: "it is slow" };
  await again(
    () => call(`${api}/api/v1/rollback/${container}`, { json }),
    ({ status }) => status === 200 || status === 409,
  );
}

/** `key` is `namespace/name`. */
export function decide(api: string, key: string, { approved, by, reason }: Decision): Promise<Answer> {
  const verb = approved ? "approve" : "reject";
  return call(`${api}/api/v1/updates/${key}/${verb}`, { json: { approver: by, ...(reason ? { reason } : {}) } });
}

/** The value of a metric, summed over all label sets that hold `labels`; undefined where there is none. */
export async function metric(
  base: string,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | undefined> {
  const { body } = await call(`${base}/metrics`);
  const values = String(body).split("\n")
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
    .map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

async function again(send: () => Promise<Answer>, good: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = performance.now() + 60_000;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await send();
      if (good(answer)) return answer;
      last = `${answer.status} ${JSON.stringify(answer.body)}`;
    } catch (error) {
      last = error;
    }
    await pause(50);
  }
  throw new Error(`no good answer in 60 s, last: ${last}`);
}
