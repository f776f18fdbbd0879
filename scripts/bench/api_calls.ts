import type { KubeClient } from "../../core/kube/client.ts";

/** Requests that the API server has answered, by `VERB resource` or `VERB resource/subresource`. */
export type ApiCalls = Map<string, number>;

/**
 * Reads the API server's own count, `apiserver_request_total`, which does not say who asked.
 *
 * Source: https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export function parseApiCalls(exposition: string): ApiCalls {
  const calls: ApiCalls = new Map();
  for (const [, labels = "", value] of exposition.matchAll(/^apiserver_request_total\{(.*)\} (\S+)$/gm)) {
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    if (label("resource") === "") continue;
    const subresource = label("subresource");
    const key = `${label("verb")} ${label("resource")}${subresource && `/${subresource}`}`;
    calls.set(key, (calls.get(key) ?? 0) + Number(value));
  }
  return calls;
}

/** What the API server was asked between two readings, without what was not. */
export function callsBetween(before: ApiCalls, after: ApiCalls): Record<string, number> {
  const entries = [...after].map(([key, value]) => [key, value - (before.get(key) ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value > 0).sort(([a], [b]) => a < b ? -1 : 1));
}

/**
 * The part of the calls that whoever applies updates makes. All of UpdateRequests and Events; of Deployments what the
 * deployment controller, which keeps their status by PUT, does not do; and what logins are read of. No watches: they are one call for many events.
 */
export function updaterCalls(calls: Record<string, number>): number {
  const ours =
    /^(?:(?:GET|LIST|POST|PUT|PATCH|APPLY|DELETE) (?:updaterequests(?:\/status)?|events)|(?:GET|LIST|PATCH|APPLY) deployments|GET (?:secrets|serviceaccounts))$/;
  return Object.entries(calls).filter(([key]) => ours.test(key)).reduce((sum, [, value]) => sum + value, 0);
}

/** All writes, whoever made them, but those of Leases, which go on for ever. */
export function writes(calls: ApiCalls): number {
  const write = /^(?:POST|PUT|PATCH|APPLY|DELETE|DELETECOLLECTION) (?!leases)/;
  return [...calls].filter(([key]) => write.test(key)).reduce((sum, [, value]) => sum + value, 0);
}

export async function readApiCalls(client: KubeClient): Promise<ApiCalls> {
  return parseApiCalls(await (await client.stream("/metrics", {})).text());
}

/** Waits until the API server was asked to write nothing for a second. */
export async function quiet(client: KubeClient): Promise<void> {
  for (let before = writes(await readApiCalls(client));;) {
    await new Promise((done) => setTimeout(done, 1000));
    const now = writes(await readApiCalls(client));
    if (now === before) return;
    before = now;
  }
}
