import * as z from "zod";
import { nearest } from "./nearest.ts";
import { parseReference, parseRepository, repositoryName } from "./image/reference.ts";
import { InvalidPolicy, parsePolicy } from "./policy/parse.ts";
import type { Policy } from "./policy/types.ts";

export const PREFIX = "headwind.sh/";

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds, or a number with a unit: `90`, `90s`, `15m`, `12h`, `1d`. */
const seconds = (least: number) =>
  z.string().trim().regex(/^\d{1,9}[smhd]?$/, "a number of seconds, or one with s, m, h or d, is wanted")
    .transform((text) => parseInt(text) * (units[text.at(-1) ?? ""] ?? 1))
    .refine((value) => value >= least, `at least ${least} s are wanted`);
const truth = z.string().trim().toLowerCase().pipe(z.enum(["true", "false"], "true or false is wanted"))
  .transform((text) => text === "true");
const imageNames = z.string().transform((text) => text.split(",").map((name) => name.trim()).filter((name) => name))
  .refine((names) => names.every((name) => canonical(name) !== undefined), {
    error: "names of images without tag and digest, separated by commas, are wanted",
  });

/** The annotations that a person writes on a workload. */
export const annotationSettings = z.object({
  policy: z.string().default("none").describe(
    "Which versions are wanted: `none`, `patch`, `minor`, `major`, `glob`, `force`, `all`",
  ),
  pattern: z.string().optional().describe("Pattern of the tags that policy `glob` takes, such as `main-*`"),
  "require-approval": truth.default(true).describe("Whether a person has to approve each update"),
  "min-update-interval": seconds(0).default(300).describe(
    "Least time between two updates, in seconds or as `90s`, `15m`, `12h`, `1d`",
  ),
  images: imageNames.default([]).describe(
    "Images to look after, separated by commas, whole or by the last parts of their names: `nginx, team/app`; all if empty",
  ),
  "event-source": z.string().trim().toLowerCase()
    .pipe(z.enum(["webhook", "polling", "both", "none"], "webhook, polling, both or none is wanted"))
    .default("webhook").describe("What may bring versions"),
  "polling-interval": seconds(1).optional().describe(
    "Time between polls, for event source `polling` or `both`; `HEADWIND_POLLING_INTERVAL` if absent",
  ),
});

/** The annotations that the operator writes itself. */
export const writtenAnnotations = {
  "update-history": "The last ten changes of each container, newest first, as JSON: `container`, `image`, " +
    "`previousImage`, `timestamp`, `updateRequestName`, `approvedBy`",
  "last-update": "When the last change was applied (RFC 3339)",
};

/** Annotations of Headwind's that nothing reads yet. */
export const reservedAnnotations = ["auto-rollback", "rollback-timeout", "health-check-retries"] as const;

/** What a workload asks for. Shared by all workloads that ask for the same. */
export interface WorkloadSettings {
  policy: Policy;
  requireApproval: boolean;
  /** Seconds. */
  minUpdateInterval: number;
  /** Empty: all. */
  images: readonly string[];
  eventSource: "webhook" | "polling" | "both" | "none";
  /** Seconds. */
  pollingInterval: number;
}

export interface Mistake {
  /** `headwind.sh/…` */
  annotation: string;
  /** A sentence that names it. */
  message: string;
}

export type ReadAnnotations =
  & ({ ok: true; settings: WorkloadSettings } | { ok: false; mistakes: readonly Mistake[] })
  & {
    /** Annotations that nobody knows, which changes nothing else. */
    warnings: readonly Mistake[];
  };

const names = Object.keys(annotationSettings.shape);
const known = new Set(
  [...names, ...Object.keys(writtenAnnotations), ...reservedAnnotations].map((name) => PREFIX + name),
);
const keys = names.map((name) => PREFIX + name);
const none: readonly Mistake[] = Object.freeze([]);
const remembered = new Map<string, ReadAnnotations>();
const mostRemembered = 10_000;

/** Reads a workload's annotations; equal ones give the same frozen object, so that thousands of workloads cost little. */
export function readAnnotations(
  annotations: Record<string, string>,
  defaults: { pollingInterval: number },
): ReadAnnotations {
  const key = JSON.stringify([defaults.pollingInterval, ...keys.map((name) => annotations[name])]);
  let read = remembered.get(key);
  if (!read) {
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, read = Object.freeze(readAnew(annotations, defaults)));
  }
  const warnings = unknownOnes(annotations);
  return warnings.length > 0 ? { ...read, warnings } : read;
}

function readAnew(annotations: Record<string, string>, defaults: { pollingInterval: number }): ReadAnnotations {
  const given = Object.fromEntries(
    names.flatMap((name) => annotations[PREFIX + name] === undefined ? [] : [[name, annotations[PREFIX + name]]]),
  );
  const result = annotationSettings.safeParse(given);
  const mistakes: Mistake[] = result.success ? [] : result.error.issues.map(({ path, message }) => {
    const annotation = PREFIX + String(path[0]);
    return {
      annotation,
      message: `${annotation} is ${JSON.stringify(given[String(path[0])]?.slice(0, 64))}: ${message}`,
    };
  });
  let policy: Policy = { name: "none" };
  try {
    policy = parsePolicy(given.policy ?? "none", given.pattern);
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    mistakes.push({ annotation: error.annotation, message: error.message });
  }
  if (!result.success || mistakes.length > 0) return { ok: false, mistakes: Object.freeze(mistakes), warnings: none };
  const { data } = result;
  const settings = Object.freeze({
    policy: Object.freeze(policy),
    requireApproval: data["require-approval"],
    minUpdateInterval: data["min-update-interval"],
    images: Object.freeze(data.images),
    eventSource: data["event-source"],
    pollingInterval: data["polling-interval"] ?? defaults.pollingInterval,
  });
  return { ok: true, settings, warnings: none };
}

function unknownOnes(annotations: Record<string, string>): readonly Mistake[] {
  let warnings: Mistake[] | undefined;
  for (const annotation in annotations) {
    if (!annotation.startsWith(PREFIX) || known.has(annotation)) continue;
    const near = nearest(annotation, known);
    const message = `${annotation} is no annotation of Headwind's${near ? `: is ${near} meant?` : ""}`;
    (warnings ??= []).push({ annotation, message });
  }
  return warnings ?? none;
}

/**
 * Whether `headwind.sh/images` lets a container's image in. A name matches by its last parts (`nginx` matches
 * `docker.io/library/nginx`), or whole.
 */
export function tracksImage({ images }: WorkloadSettings, image: string): boolean {
  if (images.length === 0) return true;
  const name = canonicalOfImage(image);
  return name !== undefined &&
    images.some((wanted) => name.endsWith(`/${wanted}`) || name === wanted || name === canonical(wanted));
}

function canonical(name: string): string | undefined {
  try {
    return parseRepository(name);
  } catch {
    return undefined;
  }
}

function canonicalOfImage(image: string): string | undefined {
  try {
    return repositoryName(parseReference(image));
  } catch {
    return undefined;
  }
}
