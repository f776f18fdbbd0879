/** What a registry says of how much may still be asked of it. */
export interface Quota {
  /** Requests that are left. */
  remaining: number;
  /** Requests in a window. */
  limit?: number;
  /** Seconds of the window. */
  windowSeconds?: number;
  /** When it is whole again, in milliseconds since 1970. */
  resetsAt?: number;
}

/** A number that is no number of requests says nothing. */
const MOST = 1e12;
/** Seconds below it are from now on, those above it since 1970, as GitHub has them. */
const SECONDS_SINCE_1970 = 1e9;

/**
 * What the headers of an answer say of the quota; undefined where they say nothing that can be read. `now` is in milliseconds since 1970.
 *
 * Sources: https://docs.docker.com/docker-hub/usage/pulls/ (`ratelimit-remaining: 76;w=21600`); the drafts of the IETF's
 * `draft-ietf-httpapi-ratelimit-headers`, 03 (`RateLimit-Remaining: 76`), 07 (`RateLimit: limit=100, remaining=76, reset=5`) and 08
 * on (`RateLimit: "default";r=76;t=5`); and `X-RateLimit-Remaining`, as GitHub sends it.
 */
export function quotaOf(headers: Headers, now: number): Quota | undefined {
  return ofOneField(headers, now) ?? ofManyFields(headers, "ratelimit", now) ??
    ofManyFields(headers, "x-ratelimit", now);
}

function ofOneField(headers: Headers, now: number): Quota | undefined {
  const said = headers.get("ratelimit");
  if (said === null) return undefined;
  // of several policies the one that lets through least counts
  const all = said.split(/,(?=\s*(?:"|limit=))/).flatMap((one) => {
    const remaining = numberOf(/(?:^|[;,\s])(?:r|remaining)\s*=\s*(\d+)/.exec(one)?.[1]);
    if (remaining === undefined) return [];
    const reset = numberOf(/[;,\s](?:t|reset)\s*=\s*(\d+)/.exec(one)?.[1]);
    const name = /^\s*"([^"]*)"/.exec(one)?.[1];
    const policy = policyOf(headers.get("ratelimit-policy"), name);
    const limit = numberOf(/(?:^|[;,\s])limit\s*=\s*(\d+)/.exec(one)?.[1]) ?? policy.limit;
    return [quota({ remaining, limit, windowSeconds: policy.windowSeconds, reset }, now)];
  });
  return all.sort((a, b) => a.remaining - b.remaining)[0];
}

/** `100;w=60`, or `"default";q=100;w=60`. */
function policyOf(said: string | null, name: string | undefined): { limit?: number; windowSeconds?: number } {
  const policies = (said ?? "").split(",").map((one) => one.trim());
  const one = name === undefined ? policies[0] : policies.find((policy) => policy.startsWith(`"${name}"`));
  const limit = numberOf(/^(\d+)/.exec(one ?? "")?.[1] ?? /;\s*q\s*=\s*(\d+)/.exec(one ?? "")?.[1]);
  const windowSeconds = numberOf(/;\s*w\s*=\s*(\d+)/.exec(one ?? "")?.[1]);
  return { ...(limit === undefined ? {} : { limit }), ...(windowSeconds === undefined ? {} : { windowSeconds }) };
}

function ofManyFields(headers: Headers, prefix: string, now: number): Quota | undefined {
  const field = (name: string) => headers.get(`${prefix}-${name}`) ?? "";
  const first = (name: string) => numberOf(/^\s*(\d+)/.exec(field(name))?.[1]);
  const remaining = first("remaining");
  if (remaining === undefined) return undefined;
  const window = /;\s*w\s*=\s*(\d+)/;
  const windowSeconds = numberOf((window.exec(field("remaining")) ?? window.exec(field("limit")))?.[1]);
  return quota({ remaining, limit: first("limit"), windowSeconds, reset: first("reset") }, now);
}

interface Said {
  remaining: number;
  limit: number | undefined;
  windowSeconds: number | undefined;
  /** Seconds. */
  reset: number | undefined;
}

function quota({ remaining, limit, windowSeconds, reset }: Said, now: number): Quota {
  const from = reset !== undefined && reset >= SECONDS_SINCE_1970 ? 0 : now;
  return {
    remaining,
    ...(limit === undefined ? {} : { limit }),
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(reset === undefined ? {} : { resetsAt: from + reset * 1000 }),
  };
}

function numberOf(digits: string | undefined): number | undefined {
  const number = Number(digits ?? NaN);
  return number <= MOST ? number : undefined;
}
