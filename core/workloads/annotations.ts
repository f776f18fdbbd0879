import * as z from "zod";
import { isImageName } from "../versions/image_names.ts";
import { NO_POLICY, type Policy, POLICY_NAMES } from "../policy/policies.ts";

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
  "last-check":
    "What came of the last check that was asked for, as JSON: `requested` (what `check-requested-at` said), `at`, " +
    "`updateRequests` (their names), and `error` where something could not be read",
  "held":
    "The versions that were left on purpose, as JSON: `container`, `image` (absent: all), `at`, `by`, `reason`, " +
    "and `resumedAt`, `resumedBy` once a person has let it go",
};

/** The annotations by which anybody asks for something to be done once. */
export const ASKING_ANNOTATIONS = {
  "check-requested-at":
    "Asks the registries of the workload at once, when its value changes: the time (RFC 3339), or any text that is new; one " +
    "repository is asked at most once in ten seconds, and a time of more than an hour ago asks for nothing",
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

/** All annotations of core, without `headwind.sh/`. */
export const CORE_ANNOTATIONS: readonly string[] = [
  ...Object.keys(UPDATE_ANNOTATIONS.shape),
  ...Object.keys(VERIFICATION_ANNOTATIONS.shape),
  ...Object.keys(ASKING_ANNOTATIONS),
  ...Object.keys(WRITTEN_ANNOTATIONS),
  ...Object.keys(REFERENCED_OBJECT_ANNOTATIONS),
];
