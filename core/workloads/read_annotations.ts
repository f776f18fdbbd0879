import {
  AUTO_ROLLBACK,
  DECIDING_ANNOTATIONS,
  type Mistake,
  PREFIX,
  UPDATE_ANNOTATIONS,
  VERIFICATION_ANNOTATIONS,
  type VerificationSettings,
  type WorkloadSettings,
} from "./annotations.ts";
import { createInterner } from "../lib/interner.ts";
import { InvalidPolicy, NO_POLICY, parsePolicy, type Policy } from "../policy/policies.ts";
import type { OmittedAnnotations } from "./annotation_bounds.ts";
import { unknownAnnotations } from "./unknown_annotations.ts";
import type * as z from "zod";

export type ReadAnnotations =
  & ({ ok: true; settings: WorkloadSettings } | { ok: false; mistakes: readonly Mistake[] })
  & {
    /** Of what changes are decided by, `decidingSettings` and `AUTO_ROLLBACK`, what is there, as it is written. */
    written: Readonly<Record<string, string>>;
    /** Annotations that nobody knows, or whose default is used instead. The rest is obeyed. */
    warnings: readonly Mistake[];
  };

const UPDATE_NAMES = Object.keys(UPDATE_ANNOTATIONS.shape);
const VERIFICATION_NAMES = Object.keys(VERIFICATION_ANNOTATIONS.shape);
const ANNOTATION_KEYS = [...UPDATE_NAMES, ...VERIFICATION_NAMES].map((name) => PREFIX + name);
const NONE: readonly Mistake[] = Object.freeze([]);
const interned = createInterner<ReadAnnotations>();

/** What holds where a workload does not say it. */
export interface AnnotationDefaults {
  /** Seconds. */
  pollingInterval: number;
  /**
   * Seconds that polls are apart at least, whatever is asked for.
   *
   * @default 1
   */
  leastPollingInterval?: number;
  /** @default webhook */
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
    ...ANNOTATION_KEYS.map((name) => annotations[name]),
  ]);
  const read = interned(key, () => parseAnnotations(annotations, defaults));
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

function parseAnnotations(annotations: Record<string, string>, defaults: AnnotationDefaults): ReadAnnotations {
  const given = givenOf(UPDATE_NAMES, annotations);
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
  const given = givenOf(VERIFICATION_NAMES, annotations);
  const result = VERIFICATION_ANNOTATIONS.safeParse(given);
  if (result.success) return { verification: verificationOf(result.data), warnings: NONE };
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
