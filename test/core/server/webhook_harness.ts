import * as assert from "uvu/assert";
import { type Line, recordedLog } from "../../support/recorded_log.ts";
import type { Sighting, TriggerPlugin } from "../../../core/plugin.ts";
import { webhookApp, type WebhookOptions } from "../../../core/server/webhooks.ts";

/** Reads `{"seen": [{repository?, type?, tag, digest?}]}`: a sighting for each. */
const trigger: TriggerPlugin = {
  kind: "trigger",
  name: "plain",
  description: "",
  webhook: {
    path: "/webhook/plain",
    read({ body, z, headers, url, refuse }) {
      if (headers.get("x-break")) throw new TypeError("secret of the plugin");
      const one = z.object({
        repository: z.string().default("docker.io/library/app"),
        type: z.enum(["image", "chart"]).default("image"),
        tag: z.string(),
        digest: z.string().optional(),
      });
      const read = z.object({ seen: z.array(one) }).safeParse(body);
      if (!read.success) return refuse(read.error.issues[0]!.path.join(".") || "body", "is wrong");
      const sightings = read.data.seen.map(({ type, repository, tag, digest }): Sighting => ({
        artifact: { type, repository },
        versions: [{ tag, ...(digest ? { digest } : {}) }],
        via: "webhook",
        complete: false,
      }));
      return { sightings, ignored: url.searchParams.has("more") ? ["it was told of more"] : [] };
    },
  },
};
const looped: TriggerPlugin = { kind: "trigger", name: "looped", description: "", run: async () => {} };

export interface Harness {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(body: unknown, headers?: Record<string, string>, query?: string): Promise<Response>;
  accepted: { tags: string[]; trigger: string; trusted: boolean }[];
  outcomes: string[];
  lines: Line[];
}

/** A webhook server whose store takes everything, unless `accept` says otherwise; without a secret it takes hints. */
export function harness(options: Partial<WebhookOptions> & { unready?: string[]; secret?: string } = {}): Harness {
  const { log, lines } = recordedLog();
  const accepted: Harness["accepted"] = [];
  const outcomes: string[] = [];
  const { unready = [], accept, secret, ...rest } = options;
  const app = webhookApp({
    triggers: [looped, trigger],
    secrets: () => Promise.resolve(secret === undefined ? [] : [{ prefix: "", secret }]),
    hints: secret === undefined,
    health: { unready: () => unready, version: "1.2.3" },
    async accept(sighting, source) {
      accepted.push({ tags: sighting.versions.map(({ tag }) => tag), ...source });
      return await accept?.(sighting, source) ??
        { updateRequests: [`default/${sighting.versions[0]?.tag}`], matched: 2, created: 1 };
    },
    onOutcome: (trigger, outcome) => void outcomes.push(`${trigger} ${outcome}`),
    log,
    ...rest,
  });
  const fetch = async (path: string, init?: RequestInit) =>
    await app.fetch(new Request(`http://headwind.example${path}`, init));
  return {
    fetch,
    post: (body, headers = {}, query = "") =>
      fetch(`/webhook/plain${query}`, {
        method: "POST",
        headers,
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    accepted,
    outcomes,
    lines,
  };
}

export const seen = (...tags: string[]) => ({ seen: tags.map((tag) => ({ tag })) });
export async function body(answer: Response): Promise<Record<string, unknown>> {
  assert.match(answer.headers.get("content-type") ?? "", "application/json");
  return await answer.json() as Record<string, unknown>;
}
