import { readFile } from "node:fs/promises";
import { type CheckContext, type CheckReading, defineCheck } from "../../core/plugin.ts";

type Settings = { HEADWIND_PROMETHEUS_URL?: string | undefined; HEADWIND_PROMETHEUS_TOKEN_FILE?: string | undefined };
interface Annotations {
  "check-promql": string;
  "check-promql-min"?: number | undefined;
  "check-promql-max"?: number | undefined;
}

/** One series: its labels as PromQL writes them, and its value as the API does, or what is there instead of one. */
interface Point {
  labels: string;
  value: number | string;
}
/** What the API of Prometheus answers; `value` is [Unix seconds, number as text]. */
interface Answer {
  error?: string;
  data?: { resultType?: string; result?: unknown };
}
type Timed = readonly [number, string];

const timeoutSeconds = 10;
const mostBytes = 1024 * 1024;

export default defineCheck<Settings, Annotations>({
  kind: "check",
  name: "promql",
  description: "A PromQL query gives numbers within a bound.",
  settings: (z) =>
    z.object({
      HEADWIND_PROMETHEUS_URL: z.url({ protocol: /^https?$/, error: "a URL with http or https is wanted" }).optional()
        .describe("Prometheus, or what has its API, that is asked by the check `promql`"),
      HEADWIND_PROMETHEUS_TOKEN_FILE: z.string().optional().describe(
        "File with a bearer token for it, read for each query",
      ),
    }),
  annotations: (z) => {
    const bound = z.string().trim().regex(/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i, "a number is wanted").transform(
      Number,
    )
      .optional();
    return z.object({
      "check-promql": z.string().trim().min(1, "a query is wanted").max(10_000).describe(
        "Query of which every series must be within the bounds; while it gives none, the update waits",
      ),
      "check-promql-min": bound.describe("Least value that is good; this one or the next is wanted"),
      "check-promql-max": bound.describe("Greatest value that is good"),
    }).refine(({ "check-promql-min": least, "check-promql-max": most }) => least !== undefined || most !== undefined, {
      path: ["check-promql"],
      error: "headwind.sh/check-promql-min or headwind.sh/check-promql-max is wanted beside it",
    }).refine(({ "check-promql-min": least = -Infinity, "check-promql-max": most = Infinity }) => least <= most, {
      path: ["check-promql-min"],
      error: "is more than headwind.sh/check-promql-max",
    });
  },
  async read({ annotations }, context, signal) {
    const url = context.settings.HEADWIND_PROMETHEUS_URL;
    if (url === undefined) {
      return { state: "failing", message: "HEADWIND_PROMETHEUS_URL is not set, so no query can be asked" };
    }
    const answer = await ask(url, annotations["check-promql"], context, signal);
    if ("state" in answer) return answer;
    const points = pointsOf(answer);
    return Array.isArray(points) ? judge(points, annotations) : points;
  },
});

/** What Prometheus says to the query, or why it says nothing. That it is away says nothing of the workload: so it waits. */
async function ask(
  base: string,
  query: string,
  { fetch, settings }: CheckContext<Settings>,
  signal: AbortSignal,
): Promise<{ status: number; text: string } | CheckReading> {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/api/v1/query`;
  url.searchParams.set("query", query);
  const token = settings.HEADWIND_PROMETHEUS_TOKEN_FILE;
  const headers = { accept: "application/json", ...(token === undefined ? {} : await authorization(token)) };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  try {
    const response = await fetch(url.href, { headers, redirect: "manual", signal: limit });
    const { status } = response;
    const text = await bounded(response);
    if (status >= 500 || status === 429) return { state: "waiting", message: `Prometheus answered ${status}` };
    if (text === undefined) return { state: "failing", message: "the query gives more than 1 MiB: aggregate it" };
    return { status, text };
  } catch {
    signal.throwIfAborted();
    const why = limit.aborted ? `did not answer in ${timeoutSeconds} s` : "cannot be reached";
    return { state: "waiting", message: `Prometheus ${why}` };
  }
}

async function authorization(file: string): Promise<Record<string, string>> {
  try {
    return { authorization: `Bearer ${(await readFile(file, "utf8")).trim()}` };
  } catch (error) {
    throw new Error(`HEADWIND_PROMETHEUS_TOKEN_FILE cannot be read: ${(error as Error).message}`);
  }
}

/**
 * The series in an answer, or why there are none to judge.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats
 */
function pointsOf({ status, text }: { status: number; text: string }): Point[] | CheckReading {
  const { error, data } = parse(text);
  if (status !== 200 || !data) {
    const why = typeof error === "string" ? `: ${error}` : ", which is no answer of its API";
    return { state: "failing", message: `Prometheus answered ${status}${why}` };
  }
  const { resultType, result } = data;
  if (resultType === "scalar") return [{ labels: "", value: numberOf(result as Timed) }];
  if (resultType === "vector" && Array.isArray(result)) {
    return (result as { metric: Record<string, string>; value?: Timed }[]).map(({ metric, value }) => ({
      labels: labelsOf(metric),
      value: value ? numberOf(value) : "a histogram",
    }));
  }
  return { state: "failing", message: `the query gives a ${resultType}: one number per series is wanted` };
}

function judge(points: readonly Point[], annotations: Annotations): CheckReading {
  const { "check-promql-min": least = -Infinity, "check-promql-max": most = Infinity } = annotations;
  const bounds = [
    ...(least > -Infinity ? [`at least ${least}`] : []),
    ...(most < Infinity ? [`at most ${most}`] : []),
  ].join(" and ");
  if (points.length === 0) return { state: "waiting", message: "the query gives no series yet" };
  const bad = points.filter(({ value }) => typeof value !== "number" || !(value >= least && value <= most));
  const [first] = bad;
  if (!first) return { state: "ok", message: `the query is ${bounds}` };
  const shown = typeof first.value === "number" ? Number(first.value.toPrecision(6)) : first.value;
  const others = bad.length > 1 ? ` (and ${bad.length - 1} more of ${points.length} series)` : "";
  const which = first.labels === "" ? "the query" : `the query for ${first.labels}`;
  return { state: "failing", message: `${which} is ${shown}, and ${bounds} is wanted${others}` };
}

function numberOf([, text]: Timed): number {
  return /^[+-]?Inf$/.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}

function labelsOf({ __name__ = "", ...rest }: Record<string, string>): string {
  const labels = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ");
  return `${__name__}${labels === "" ? "" : `{${labels}}`}`.slice(0, 200);
}

function parse(text: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    return {};
  }
}

/** The body, or undefined if it is longer than it may be. */
async function bounded({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > mostBytes) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
