import { keepValues, VALUES_IMAGES } from "./values.ts";

/**
 * What is read of a HelmRelease.
 *
 * Source: https://fluxcd.io/flux/components/helm/helmreleases/ (`helm.toolkit.fluxcd.io/v2`)
 */
export interface HelmRelease {
  metadata: { namespace: string; name: string; generation?: number; annotations?: Record<string, string> };
  spec?: {
    suspend?: boolean;
    chart?: { spec?: ChartSpec };
    chartRef?: Reference;
    values?: Record<string, unknown>;
    install?: Action;
    upgrade?: Action;
  };
  status?: {
    observedGeneration?: number;
    /** The chart's version; from an OCIRepository with `+` and the start of its digest. */
    lastAttemptedRevision?: string;
    lastAttemptedRevisionDigest?: string;
    conditions?: Condition[];
    /** Newest first. */
    history?: { chartVersion?: string }[];
  };
}

interface ChartSpec {
  chart?: string;
  version?: string;
  sourceRef?: Reference;
}

interface Action {
  /** How often Flux tries again by itself; below zero without end. */
  remediation?: { retries?: number };
  /** `RetryOnFailure`: until it succeeds. */
  strategy?: { name?: string };
}

export interface Reference {
  kind?: string;
  name?: string;
  namespace?: string;
}

export interface Condition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

/** Of a HelmRelease as the API gives it what is read of it: of its values only the texts that make images to follow. */
export function keepRelease(object: unknown): object {
  const { metadata, spec, status } = object as HelmRelease;
  const { suspend, chart, chartRef, values, install, upgrade } = spec ?? {};
  const annotation = metadata.annotations?.[`headwind.sh/${VALUES_IMAGES}`];
  const { observedGeneration, lastAttemptedRevision, lastAttemptedRevisionDigest } = status ?? {};
  return plainly({
    spec: {
      suspend,
      chart: chart?.spec && { spec: keepChart(chart.spec) },
      chartRef: chartRef && short(pick(chartRef, ["kind", "name", "namespace"])),
      install: keepAction(install),
      upgrade: keepAction(upgrade),
      values: annotation === undefined ? undefined : keepValues(values, annotation),
    },
    status: {
      observedGeneration,
      lastAttemptedRevision,
      lastAttemptedRevisionDigest,
      conditions: listOf(status?.conditions).slice(0, MAX_CONDITIONS).map((condition) =>
        short(pick(condition, ["type", "status", "reason", "message", "observedGeneration"]))
      ),
      history: listOf(status?.history).slice(0, 1).map(({ chartVersion }) => ({ chartVersion })),
    },
  });
}

const MAX_CONDITIONS = 32;
const MAX_TEXT_LENGTH = 4096;

/** With its texts cut. */
const short = <T extends object>(from: T): T =>
  Object.fromEntries(
    Object.entries(from).map((
      [key, value],
    ) => [key, typeof value === "string" ? value.slice(0, MAX_TEXT_LENGTH) : value]),
  ) as T;

const listOf = <T extends object>(list: readonly T[] | undefined): readonly T[] =>
  Array.isArray(list) ? list.filter((item) => typeof item === "object" && item !== null) : [];

function keepChart(spec: object): object {
  const { sourceRef, ...texts } = pick(spec as ChartSpec, ["chart", "version", "sourceRef"]);
  const reference = typeof sourceRef === "object" && sourceRef !== null
    ? short(pick(sourceRef, ["kind", "name", "namespace"]))
    : sourceRef;
  return { ...short(texts), ...(reference === undefined ? {} : { sourceRef: reference }) };
}

function keepAction({ remediation, strategy }: Action = {}): Action | undefined {
  const kept = {
    ...(remediation?.retries === undefined ? {} : { remediation: { retries: remediation.retries } }),
    ...(strategy?.name === undefined ? {} : { strategy: { name: strategy.name } }),
  };
  return Object.keys(kept).length > 0 ? kept : undefined;
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(
    keys.filter((key) => Object.hasOwn(Object(from), key)).map((key) => [key, from[key]]),
  ) as Partial<Pick<T, K>>;
}

/** Without what is undefined, as the API has it. */
const plainly = (value: object): object => JSON.parse(JSON.stringify(value)) as object;
