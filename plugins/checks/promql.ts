import { readFile } from "node:fs/promises";
import { type CheckContext, type CheckReading, defineCheck } from "../../core/plugin.ts";

type Settings = {
  HEADWIND_PROMETHEUS_URL?: string | undefined;
  HEADWIND_PROMETHEUS_TOKEN_FILE?: string | undefined;
  HEADWIND_PROMQL_NAMESPACE_LABEL: string;
};
interface Annotations {
  "check-promql": string;
  "check-promql-min"?: number | undefined;
  "check-promql-max"?: number | undefined;
}

/** The value of one series; undefined where it is no number. */
type Value = number | undefined;
/** What the API of Prometheus answers; `value` is [Unix seconds, number as text]. */
interface Answer {
  errorType?: unknown;
  data?: { resultType?: string; result?: unknown };
}
type Timed = readonly [number, string];

const TIMEOUT_SECONDS = 10;
const MAX_BYTES = 1024 * 1024;
const NO_LABEL = "-";
/** Source: https://github.com/prometheus/prometheus/blob/v3.5.0/web/api/v1/api.go */
const ERROR_TYPES = new Set([
  "bad_data",
  "canceled",
  "execution",
  "internal",
  "not_acceptable",
  "timeout",
  "unavailable",
]);

export default defineCheck<Settings, Annotations>({
  kind: "check",
  name: "promql",
  description: "A PromQL query gives numbers within a bound.",
  settings: (z) =>
    z.object({
      HEADWIND_PROMETHEUS_URL: z.url({ protocol: /^https?$/, error: "a URL with http or https is wanted" }).optional()
        .describe("Prometheus, or what has its API, that is asked by the check `promql`").meta({ shown: true }),
      HEADWIND_PROMETHEUS_TOKEN_FILE: z.string().optional().describe(
        "File with a bearer token for it, read for each query",
      ).meta({ shown: true }),
      HEADWIND_PROMQL_NAMESPACE_LABEL: z.string().regex(/^([a-zA-Z_]\w*|-)$/, "the name of a label is wanted, or -")
        .default("namespace").describe(
          "Label that names the namespace of a series: each selector of a query gets it with the workload's own; `-` lets every workload ask for the series of all",
        ).meta({ shown: true }),
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
  async read({ annotations, workload }, context, signal) {
    const { HEADWIND_PROMETHEUS_URL: url, HEADWIND_PROMQL_NAMESPACE_LABEL: label } = context.settings;
    if (url === undefined) {
      return { state: "failing", message: "HEADWIND_PROMETHEUS_URL is not set, so no query can be asked" };
    }
    const matcher = label === NO_LABEL ? undefined : { label, value: workload.namespace };
    const query = await ofNamespace(annotations["check-promql"], matcher);
    if (typeof query !== "string") return query;
    const answer = await ask(url, query, context, signal);
    if ("state" in answer) return answer;
    const values = valuesOf(answer);
    if (!Array.isArray(values)) return values;
    context.log.debug("a query was answered", { query, series: values.length, first: String(values[0]) });
    return judge(values, annotations, matcher && `${label}=${JSON.stringify(workload.namespace)}`);
  },
});

/** The query for the series of one namespace alone, or what keeps it from being asked. */
async function ofNamespace(query: string, matcher?: { label: string; value: string }): Promise<string | CheckReading> {
  if (!matcher) return query;
  const { NoPromql, withMatcher } = await import("./promql/own_namespace.ts");
  try {
    return withMatcher(query, matcher.label, matcher.value);
  } catch (error) {
    if (error instanceof NoPromql) return { state: "failing", message: error.message };
    throw error;
  }
}

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
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_SECONDS * 1000)]);
  try {
    const response = await fetch(url.href, { headers, redirect: "manual", signal: limit });
    const { status } = response;
    const text = await bounded(response);
    if (status >= 500 || status === 429) return { state: "waiting", message: `Prometheus answered ${status}` };
    if (text === undefined) return { state: "failing", message: "the query gives more than 1 MiB: aggregate it" };
    return { status, text };
  } catch {
    signal.throwIfAborted();
    const why = limit.aborted ? `did not answer in ${TIMEOUT_SECONDS} s` : "cannot be reached";
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
 * The values of the series in an answer, or why there are none to judge. Nothing of the answer's own text is told: it may be of series
 * that are not the reader's.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats
 */
function valuesOf({ status, text }: { status: number; text: string }): Value[] | CheckReading {
  const { errorType, data } = parse(text);
  if (status !== 200 || !data) {
    const why = errorType === undefined ? ", which is no answer of its API" : ` (${nameOf(errorType)})`;
    return { state: "failing", message: `Prometheus answered ${status}${why}` };
  }
  const { resultType, result } = data;
  if (resultType === "scalar") return [numberOf(result as Timed)];
  if (resultType === "vector" && Array.isArray(result)) {
    return (result as { value?: Timed }[]).map(({ value }) => value && numberOf(value));
  }
  const type = ["matrix", "string"].find((known) => known === resultType) ?? "result of an unknown type";
  return { state: "failing", message: `the query gives a ${type}: one number per series is wanted` };
}

const nameOf = (errorType: unknown): string => ERROR_TYPES.has(String(errorType)) ? String(errorType) : "an error";

function judge(values: readonly Value[], annotations: Annotations, matcher: string | undefined): CheckReading {
  const { "check-promql-min": least = -Infinity, "check-promql-max": most = Infinity } = annotations;
  const bounds = [
    ...(least > -Infinity ? [`at least ${least}`] : []),
    ...(most < Infinity ? [`at most ${most}`] : []),
  ].join(" and ");
  const where = matcher === undefined ? "" : ` with ${matcher}`;
  if (values.length === 0) return { state: "waiting", message: `the query gives no series yet${where}` };
  const bad = values.filter((value) => !(value !== undefined && value >= least && value <= most)).length;
  if (bad === 0) return { state: "ok", message: `the query is ${bounds}` };
  const which = values.length === 1 ? "the query is not" : `of ${values.length} series of the query ${bad} are not`;
  return { state: "failing", message: `${which} ${bounds}` };
}

function numberOf([, text]: Timed): number {
  return /^[+-]?Inf$/.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
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
    if (bytes > MAX_BYTES) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
