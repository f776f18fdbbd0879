import { type CheckReading, defineCheck } from "../../core/plugin.ts";

type Range = readonly [least: number, most: number];
interface Annotations {
  "check-http": URL;
  "check-http-status": readonly Range[];
  "check-http-timeout": number;
}

const longestTimeout = 10;

export default defineCheck<Record<string, never>, Annotations>({
  kind: "check",
  name: "http",
  description: "A URL answers with a status that is wanted.",
  annotations: (z) =>
    z.object({
      "check-http": z.string().trim().transform((text, { addIssue }) => {
        const url = URL.canParse(text) ? new URL(text) : undefined;
        if (url && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
        addIssue("a URL with http or https, without user and password, is wanted");
        return z.NEVER;
      }).describe("URL that is asked (GET) until the update counts as good; redirects are not followed"),
      "check-http-status": z.string().transform((text, { addIssue }) => {
        const ranges = text.split(",").map(rangeOf);
        if (ranges.every((range) => range !== undefined)) return ranges;
        addIssue("statuses such as 200-299 or 200,204 are wanted");
        return z.NEVER;
      }).prefault("200-399").describe("Which statuses are wanted, such as `200-299` or `200,204`"),
      "check-http-timeout": z.string().trim().regex(/^\d{1,3}(\.\d{1,3})?s?$/, "a number of seconds is wanted")
        .transform((text) => parseFloat(text))
        .refine(
          (seconds) => seconds > 0 && seconds <= longestTimeout,
          `more than 0 and at most ${longestTimeout} s are wanted`,
        )
        .default(5).describe(`Seconds to wait for an answer, at most ${longestTimeout}`),
    }),
  async read({ annotations }, { fetch }, signal) {
    const { "check-http": url, "check-http-status": wanted, "check-http-timeout": seconds } = annotations;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
    // a connection of its own each time: one that is kept would lead to the same pod behind a Service, or to an old one
    const headers = { "user-agent": "headwind", "connection": "close" };
    try {
      const answer = await fetch(url.href, { headers, redirect: "manual", signal: limit });
      await answer.body?.cancel();
      return judge(placeOf(url), answer.status, wanted);
    } catch (error) {
      signal.throwIfAborted();
      const why = limit.aborted ? `did not answer in ${seconds} s` : reasonOf(error);
      return { state: "failing", message: `${placeOf(url)} ${why}` };
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

/** The runtimes' own sentences hold the whole URL, so only what they mean is told. */
function reasonOf(error: unknown): string {
  const text = `${error} ${(error as { cause?: unknown })?.cause} ${
    (error as { cause?: { code?: string } })?.cause?.code
  }`;
  if (/refused/i.test(text)) return "refuses the connection";
  if (/dns error|ENOTFOUND|EAI_AGAIN/i.test(text)) return "has a name that is not known";
  if (/certificate/i.test(text)) return "has a certificate that is not trusted";
  return "cannot be reached";
}
