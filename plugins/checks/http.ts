import { type CheckReading, defineCheck } from "../../core/plugin.ts";

type Range = readonly [least: number, most: number];
interface Annotations {
  "check-http": URL;
  "check-http-status": readonly Range[];
  "check-http-timeout": number;
}

interface Settings {
  HEADWIND_CHECK_HTTP_HOSTS: readonly string[];
  HEADWIND_CLUSTER_DOMAIN: string;
}

const MAX_TIMEOUT_SECONDS = 10;
const HOST = /^[a-z0-9*]([a-z0-9.*-]*[a-z0-9*])?(:\d{1,5})?$/i;

export default defineCheck<Settings, Annotations>({
  kind: "check",
  name: "http",
  description: "A URL answers with a status that is wanted.",
  settings: (z) =>
    z.object({
      HEADWIND_CHECK_HTTP_HOSTS: z.string().default("")
        .transform((text) => text.split(",").map((part) => part.trim()).filter((part) => part !== ""))
        .refine((parts) => parts.every((part) => HOST.test(part)), "hosts are wanted, such as *.example.com")
        .describe(
          "Hosts, `host` or `host:port`, `*` for any part of it, that the check `http` may ask besides the Services of the workload's namespace",
        ).meta({ shown: true }),
      HEADWIND_CLUSTER_DOMAIN: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a domain is wanted")
        .default("cluster.local").describe("Domain of the cluster's Services").meta({ shown: true }),
    }),
  annotations: (z) =>
    z.object({
      "check-http": z.string().trim().transform((text, { addIssue }) => {
        const url = URL.canParse(text) ? new URL(text) : undefined;
        if (url && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
        addIssue("a URL with http or https, without user and password, is wanted");
        return z.NEVER;
      }).describe(
        "URL of a Service of the workload's namespace, or of a host in `HEADWIND_CHECK_HTTP_HOSTS`, that is asked (GET) until the update counts as good; redirects are not followed",
      ),
      "check-http-status": z.string().transform((text, { addIssue }) => {
        const ranges = text.split(",").map(rangeOf);
        if (ranges.every((range) => range !== undefined)) return ranges;
        addIssue("statuses such as 200-299 or 200,204 are wanted");
        return z.NEVER;
      }).prefault("200-399").describe("Which statuses are wanted, such as `200-299` or `200,204`"),
      "check-http-timeout": z.string().trim().regex(/^\d{1,3}(\.\d{1,3})?s?$/, "a number of seconds is wanted")
        .transform((text) => parseFloat(text))
        .refine(
          (seconds) => seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS,
          `more than 0 and at most ${MAX_TIMEOUT_SECONDS} s are wanted`,
        )
        .default(5).describe(`Seconds to wait for an answer, at most ${MAX_TIMEOUT_SECONDS}`),
    }),
  async read({ annotations, workload }, { fetch, log, settings }, signal) {
    const { "check-http": named, "check-http-status": wanted, "check-http-timeout": seconds } = annotations;
    const url = allowed(named, workload.namespace, settings);
    if (!url) return { state: "failing", message: refusal(named, workload.namespace) };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
    // a connection of its own each time: one that is kept would lead to the same pod behind a Service, or to an old one
    const headers = { "user-agent": "headwind", "connection": "close" };
    try {
      const answer = await fetch(url.href, { headers, redirect: "manual", signal: limit });
      await answer.body?.cancel();
      return judge(placeOf(named), answer.status, wanted);
    } catch (error) {
      signal.throwIfAborted();
      // whatever it was: who reads this is not to find out by it what there is in the operator's network
      log.debug("a URL could not be asked", { namespace: workload.namespace, place: placeOf(url), error });
      return { state: "failing", message: `${placeOf(named)} cannot be asked` };
    }
  },
});

function judge(place: string, status: number, wanted: readonly Range[]): CheckReading {
  if (wanted.some(([least, most]) => status >= least && status <= most)) {
    return { state: "ok", message: `${place} answers as wanted` };
  }
  const text = wanted.map(([least, most]) => least === most ? least : `${least}-${most}`).join(", ");
  return { state: "failing", message: `${place} answered ${status}, and ${text} is wanted` };
}

/** Without the query, which may hold a secret. */
const placeOf = ({ origin, pathname }: URL): string => origin + pathname;

function rangeOf(text: string): Range | undefined {
  const [, least, most = least] = /^\s*([1-5]\d\d)\s*(?:-\s*([1-5]\d\d)\s*)?$/.exec(text) ?? [];
  return least !== undefined && Number(least) <= Number(most) ? [Number(least), Number(most)] : undefined;
}

/**
 * The URL as it is asked: of a Service of this namespace with its whole name, since a shorter one would be looked for in the operator's own
 * namespace first. Undefined where the host may not be asked.
 */
function allowed(url: URL, namespace: string, settings: Settings): URL | undefined {
  const { HEADWIND_CLUSTER_DOMAIN: domain, HEADWIND_CHECK_HTTP_HOSTS: hosts } = settings;
  if (hosts.some((pattern) => isLike(pattern, url))) return url;
  const [service = "", ...rest] = url.hostname.replace(/\.$/, "").split(".");
  const whole = [namespace, "svc", ...domain.split(".")];
  const complete = [0, 1, 2, whole.length].includes(rest.length);
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(service) || service === "localhost" || !complete) return undefined;
  if (rest.some((label, index) => label !== whole[index])) return undefined;
  const asked = new URL(url);
  asked.hostname = [service, ...whole].join(".");
  return asked;
}

/** Whether a host, with its port where the pattern has one, is what `*` stands for any part of. */
function isLike(pattern: string, { hostname, port, protocol }: URL): boolean {
  const text = pattern.includes(":") ? `${hostname}:${port || (protocol === "https:" ? 443 : 80)}` : hostname;
  const parts = pattern.toLowerCase().split("*").map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

function refusal({ host }: URL, namespace: string): string {
  return `${host} is no Service of namespace ${namespace}, and HEADWIND_CHECK_HTTP_HOSTS does not name it`;
}
