import * as z from "zod";
import type { OmittedAnnotations } from "./annotation_bounds.ts";
import { createInterner } from "../lib/interner.ts";
import { closestName } from "../lib/closest_name.ts";
import { isImageName, matchesName } from "../versions/image_names.ts";
import { InvalidPolicy, NO_POLICY, parsePolicy, type Policy, POLICY_NAMES } from "../policy/policies.ts";

export const PREFIX = "headwind.sh/";

/** On what workloads of other namespaces refer to, not on workloads. */
export const ALLOW_FROM = `${PREFIX}allow-from`;

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

const inSeconds = (text: string) => parseInt(text) * (UNIT_SECONDS[text.at(-1) ?? ""] ?? 1);

/** Seconds, or a number with a unit: `90`, `90s`, `15m`, `12h`, `1d`. Of what is more than `most` that is used. */
const seconds = (least: number, most?: string) =>
  z.string().trim().regex(/^\d{1,9}[smhd]?$/, "a number of seconds, or one with s, m, h or d, is wanted")
    .transform(inSeconds)
    .refine((value) => value >= least, `at least ${least} s are wanted`)
    .refine((value) => most === undefined || value <= inSeconds(most), {
      error: `at most ${most} is wanted`,
      params: { most },
    });
const truth = z.string().trim().toLowerCase().pipe(z.enum(["true", "false"], "true or false is wanted"))
  .transform((text) => text === "true");
const count = (least: number, most: number) =>
  z.string().trim().regex(/^\d{1,6}$/, "a whole number is wanted").transform(Number)
    .refine((value) => value >= least && value <= most, `a number from ${least} to ${most} is wanted`);
const MAX_IMAGES = 100;
const imageNames = z.string().transform((text) => text.split(",").map((name) => name.trim()).filter((name) => name))
  .refine((names) => names.length <= MAX_IMAGES, `at most ${MAX_IMAGES} names are wanted`)
  .refine((names) => names.length > MAX_IMAGES || names.every(isImageName), {
    error: "names of images without tag and digest, separated by commas, are wanted",
  });

/** The annotations that a person writes on a workload. */
export const UPDATE_ANNOTATIONS = z.object({
  policy: z.string().default(NO_POLICY.name).describe(
    `Which versions are wanted: ${POLICY_NAMES.map((name) => `\`${name}\``).join(", ")}`,
  ),
  pattern: z.string().optional().describe("Pattern of the tags that policy `glob` takes, such as `main-*`"),
  "require-approval": truth.default(true).describe(
    "Whether a person has to approve each update; `true` counts for what waits already too, `false` for what is found from then on",
  ),
  "min-update-interval": seconds(0, "365d").default(300).describe(
    "Least time between two updates, in seconds or as `90s`, `15m`, `12h`, `1d`; at most `365d`",
  ),
  images: imageNames.default([]).describe(
    "Images to look after, separated by commas, whole or by the last parts of their names: `nginx, team/app`; all if empty",
  ),
  "event-source": z.string().trim().toLowerCase()
    .pipe(z.enum(["webhook", "polling", "both", "none"], "webhook, polling, both or none is wanted"))
    .default("webhook").describe("What may bring versions"),
  "polling-interval": seconds(1, "365d").optional().describe(
    "Time between polls, for event source `polling` or `both`; `HEADWIND_POLLING_INTERVAL` if absent, and never less than " +
      "`HEADWIND_POLLING_MIN_INTERVAL`; at most `365d`",
  ),
});

/**
 * The annotations on what comes after the apply. One that cannot be read does not keep the workload from being looked
 * after: its default is used, or the most that may be, and that is said.
 */
export const VERIFICATION_ANNOTATIONS = z.object({
  "soak": seconds(0, "1d").default(30).describe(
    "How long a changed workload must stay healthy before the update counts as good; at most `1d`",
  ),
  "auto-rollback": truth.default(false).describe(
    "Whether an update that does not become healthy is taken back to the last version that was",
  ),
  "rollback-timeout": seconds(1, "7d").default(300).describe(
    "Time within which a changed workload must become healthy, whatever goes wrong meanwhile; what cannot heal ends it " +
      "earlier: an image that does not exist, a failing check, readiness that is lost; at most `7d`",
  ),
  "health-check-retries": count(1, 100).default(3).describe(
    "Readings in a row that must see a failure that cannot heal before it counts",
  ),
  "hold": z.string().trim().toLowerCase().pipe(z.enum(["version", "all"], "version or all is wanted")).default(
    "version",
  )
    .describe("What is not offered again after a rollback: that `version`, or `all` versions until a person resumes"),
});

/** Those that an update is decided by, so that its patch tests them: how often polls are made is none of them. */
export const DECIDING_ANNOTATIONS: readonly string[] = Object.keys(UPDATE_ANNOTATIONS.shape)
  .filter((name) => name !== "polling-interval");
/** That which a rollback is decided by. */
export const AUTO_ROLLBACK = "auto-rollback";

/** The annotations that the operator writes itself. */
export const WRITTEN_ANNOTATIONS = {
  "update-history": "The last ten changes of each container, newest first, as JSON: `container`, `image`, " +
    "`previousImage`, `timestamp`, `updateRequestName`, `approvedBy`, `verified`, `rollback`",
  "last-update": "When the last change was applied (RFC 3339)",
  "held":
    "The versions that were left on purpose, as JSON: `container`, `image` (absent: all), `at`, `by`, `reason`, " +
    "and `resumedAt`, `resumedBy` once a person has let it go",
};

/** The annotations that a person writes on what workloads refer to: a HelmRepository, an OCIRepository. */
export const REFERENCED_OBJECT_ANNOTATIONS = {
  "allow-from":
    "Namespaces, separated by commas, or `*`, whose workloads may use this object, its Secrets included, and " +
    "move the version that stands in it; counts where `HEADWIND_CROSS_NAMESPACE` is on",
};

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
  verification: VerificationSettings;
}

/** What a workload asks for after a change. */
export interface VerificationSettings {
  /** Seconds. */
  soak: number;
  autoRollback: boolean;
  /** Seconds. */
  timeout: number;
  /** Readings in a row. */
  retries: number;
  /** Whether a held version keeps all others back too. */
  holdAll: boolean;
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
    /** Of what changes are decided by, `decidingSettings` and `AUTO_ROLLBACK`, what is there, as it is written. */
    written: Readonly<Record<string, string>>;
    /** Annotations that nobody knows, or whose default is used instead. The rest is obeyed. */
    warnings: readonly Mistake[];
  };

const names = Object.keys(UPDATE_ANNOTATIONS.shape);
const verificationNames = Object.keys(VERIFICATION_ANNOTATIONS.shape);
/** All annotations of core, without `headwind.sh/`. */
export const CORE_ANNOTATIONS: readonly string[] = [
  ...names,
  ...verificationNames,
  ...Object.keys(WRITTEN_ANNOTATIONS),
  ...Object.keys(REFERENCED_OBJECT_ANNOTATIONS),
];
const known = new Set(CORE_ANNOTATIONS.map((name) => PREFIX + name));
const keys = [...names, ...verificationNames].map((name) => PREFIX + name);
const none: readonly Mistake[] = Object.freeze([]);
const reading = createInterner<ReadAnnotations>();

/** What holds where a workload does not say it. */
export interface AnnotationDefaults {
  /** Seconds. */
  pollingInterval: number;
  /** Seconds that polls are apart at least, whatever is asked for. Default 1. */
  leastPollingInterval?: number;
  /** Default `webhook`. */
  eventSource?: WorkloadSettings["eventSource"];
}

/**
 * Reads a workload's annotations, of which `omitted` was left out as too much; equal ones give the same frozen object, so that
 * thousands of workloads cost little.
 */
export function readAnnotations(
  annotations: Record<string, string>,
  defaults: AnnotationDefaults,
  omitted?: OmittedAnnotations,
): ReadAnnotations {
  const key = JSON.stringify([
    defaults.pollingInterval,
    defaults.leastPollingInterval,
    defaults.eventSource,
    ...keys.map((name) => annotations[name]),
  ]);
  const read = reading(key, () => readAnew(annotations, defaults));
  const unknown = unknownAnnotations(annotations, omitted);
  const warnings = unknown.length > 0 ? [...read.warnings, ...unknown] : read.warnings;
  if (omitted && omitted.tooLong.length > 0) {
    const isRead = ({ annotation }: Mistake) => !omitted.tooLong.some((other) => other.annotation === annotation);
    const others = read.ok ? [] : read.mistakes.filter(isRead);
    const { written } = read;
    return { ok: false, mistakes: [...omitted.tooLong, ...others], warnings: warnings.filter(isRead), written };
  }
  return unknown.length > 0 ? { ...read, warnings } : read;
}

/** Makes annotations of plugins known, so that nobody is warned of them. */
export function registerAnnotations(names: readonly string[]): void {
  for (const name of names) known.add(PREFIX + name);
  unknownOne = createInterner(MAX_INTERNED);
}

/** Whether an annotation, by its full name, is one that somebody reads. */
export const isKnownAnnotation = (annotation: string): boolean => known.has(annotation);

const notOfAPerson = new Set(
  [...Object.keys(WRITTEN_ANNOTATIONS), ...Object.keys(REFERENCED_OBJECT_ANNOTATIONS)].map((name) => PREFIX + name),
);
/** Whether an annotation, by its full name, is one that a person writes on a workload. */
export const isUserAnnotation = (annotation: string): boolean => known.has(annotation) && !notOfAPerson.has(annotation);

function readAnew(annotations: Record<string, string>, defaults: AnnotationDefaults): ReadAnnotations {
  const given = givenOf(names, annotations);
  const { eventSource = "webhook", leastPollingInterval: least = 1 } = defaults;
  const result = UPDATE_ANNOTATIONS.safeParse({ "event-source": eventSource, ...given });
  const mistakes = result.success ? [] : mistakesOf(result.error, given);
  let policy: Policy = NO_POLICY;
  try {
    policy = parsePolicy(given.policy ?? NO_POLICY.name, given.pattern);
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    mistakes.push({ annotation: error.annotation, message: error.message });
  }
  const { verification, warnings } = readVerification(annotations);
  const written = Object.freeze(givenOf([...DECIDING_ANNOTATIONS, AUTO_ROLLBACK], annotations));
  if (!result.success || mistakes.length > 0) {
    return { ok: false, mistakes: Object.freeze(mistakes), warnings, written };
  }
  const { data } = result;
  const asked = data["polling-interval"] ?? defaults.pollingInterval;
  const settings = Object.freeze({
    policy: Object.freeze(policy),
    requireApproval: data["require-approval"],
    minUpdateInterval: data["min-update-interval"],
    images: Object.freeze(data.images),
    eventSource: data["event-source"],
    pollingInterval: Math.max(asked, least),
    verification,
  });
  if (data["polling-interval"] === undefined || asked >= least) return { ok: true, settings, warnings, written };
  const annotation = `${PREFIX}polling-interval`;
  const message = `${annotation} is ${JSON.stringify(given["polling-interval"])}: ` +
    `at least ${least} s are wanted here (HEADWIND_POLLING_MIN_INTERVAL); ${least} is used`;
  return { ok: true, settings, warnings: Object.freeze([...warnings, { annotation, message }]), written };
}

function readVerification(
  annotations: Record<string, string>,
): { verification: VerificationSettings; warnings: readonly Mistake[] } {
  const given = givenOf(verificationNames, annotations);
  const result = VERIFICATION_ANNOTATIONS.safeParse(given);
  if (result.success) return { verification: verificationOf(result.data), warnings: none };
  const mistakes = mistakesOf(result.error, given);
  for (const { path, params } of result.error.issues as { path: PropertyKey[]; params?: { most?: string } }[]) {
    const name = String(path[0]);
    if (params?.most === undefined) delete given[name];
    else given[name] = params.most;
  }
  const data = VERIFICATION_ANNOTATIONS.parse(given);
  const warnings = mistakes.map(({ annotation, message }) => {
    const name = annotation.slice(PREFIX.length);
    const used = given[name] ?? data[name as keyof typeof data];
    return { annotation, message: `${message}; ${used} is used` };
  });
  return { verification: verificationOf(data), warnings: Object.freeze(warnings) };
}

function verificationOf(data: z.infer<typeof VERIFICATION_ANNOTATIONS>): VerificationSettings {
  return Object.freeze({
    soak: data.soak,
    autoRollback: data["auto-rollback"],
    timeout: data["rollback-timeout"],
    retries: data["health-check-retries"],
    holdAll: data.hold === "all",
  });
}

/** What applies where a workload's annotations cannot be read, or are gone. */
export const DEFAULT_VERIFICATION: VerificationSettings = verificationOf(VERIFICATION_ANNOTATIONS.parse({}));

function givenOf(names: readonly string[], annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = annotations[PREFIX + name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function mistakesOf(error: z.ZodError, given: Record<string, string>): Mistake[] {
  return error.issues.map(({ path, message }) => {
    const annotation = PREFIX + String(path[0]);
    const value = given[String(path[0])]?.slice(0, 64);
    return { annotation, message: `${annotation} is ${JSON.stringify(value)}: ${message}` };
  });
}

const MAX_INTERNED = 100_000;
let unknownOne = createInterner<Mistake>(MAX_INTERNED);

/** Of Headwind's annotations those that nobody knows, besides what was left out of them. */
export function unknownAnnotations(
  annotations: Record<string, string>,
  omitted?: OmittedAnnotations,
): readonly Mistake[] {
  let warnings: Mistake[] | undefined;
  for (const annotation in annotations) {
    if (!annotation.startsWith(PREFIX) || known.has(annotation)) continue;
    (warnings ??= []).push(unknownOne(annotation, () => unknownMistake(annotation, likely(annotation))));
  }
  const more = omitted?.unknown ?? 0;
  if (more > 0) (warnings ??= []).push({ annotation: PREFIX, message: `and ${more} more that Headwind does not know` });
  return warnings ?? none;
}

/** Of one of another domain; undefined where no annotation of Headwind's is like it. */
export function unknownAnnotation(annotation: string, meant = likely(annotation)): Mistake | undefined {
  return meant === undefined ? undefined : unknownMistake(annotation, meant);
}

/** Its case is a mistake too. */
const likely = (annotation: string) => closestName(annotation.toLowerCase(), known);

function unknownMistake(annotation: string, meant: string | undefined): Mistake {
  const question = meant === undefined ? "" : `: is ${meant} meant?`;
  return { annotation, message: `${annotation.slice(0, 128)} is no annotation of Headwind's${question}` };
}

/** Whether `headwind.sh/images` lets a container's image in. */
export function includesImage({ images }: WorkloadSettings, image: string): boolean {
  return images.length === 0 || matchesName(images, image);
}
