import type { LighthouseResult } from "./results.ts";

const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
export const ONLY_CATEGORIES = `--only-categories=${CATEGORIES}`;

export interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string; errorMessage?: string }>;
  /** What went wrong with all of it; the scores are null then. */
  runtimeError?: { code: string; message: string };
  /** One says that the page was still loading when it was looked at. */
  runWarnings?: string[];
}

/** What came of one run: scores, or why there are none. */
export type Look =
  | { scores: Omit<LighthouseResult, "page"> }
  | { trouble: string; /** Whether it is the page's, which has it the next time too. */ ofPage: boolean };

/** Codes of Lighthouse that tell of the page or of what was asked; all others tell of a browser that was too slow or is gone. */
const OF_PAGE = ["ERRORED_DOCUMENT_REQUEST", "NOT_HTML", "INSECURE_DOCUMENT_REQUEST", "INVALID_URL", "DNS_FAILURE"];

/**
 * Reads what Lighthouse wrote. With an error it prints a report all the same, of which each score is null, or it says the error's
 * code or sentence and prints none.
 */
export function readLook(stdout: string, stderr: string): Look {
  const report = parse(stdout);
  if (!report) {
    const code = /(?:Error: |\()([A-Z]+(?:_[A-Z]+)+)\b/.exec(stderr)?.[1] ?? "";
    return { trouble: stderr.trim() || "it wrote nothing", ofPage: OF_PAGE.includes(code) };
  }
  const { runtimeError, runWarnings = [], categories, audits } = report;
  if (runtimeError) {
    const { code, message } = runtimeError;
    return { trouble: `${code}: ${message}`, ofPage: OF_PAGE.includes(code) };
  }
  const unscored = CATEGORIES.find((name) => typeof categories[name]?.score !== "number");
  if (unscored) {
    const audit = categories[unscored]?.auditRefs.find(({ id }) => audits[id]?.errorMessage);
    const why = audit ? `: ${audits[audit.id]!.errorMessage}` : "";
    return { trouble: `no score of ${unscored}${why}`, ofPage: false };
  }
  const unfinished = runWarnings.find((warning) => warning.includes("within the time limit"));
  if (unfinished) return { trouble: unfinished, ofPage: false };
  return { scores: scoresOf(report) };
}

function parse(stdout: string): Report | undefined {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** Scores of 100, and what took something off them. */
function scoresOf({ categories, audits }: Report): Omit<LighthouseResult, "page"> {
  const score = (name: string) => Math.round(categories[name]!.score! * 100);
  const lacks = CATEGORIES.flatMap((name) => categories[name]!.auditRefs)
    .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9);
  return {
    performance: score("performance"),
    accessibility: score("accessibility"),
    bestPractices: score("best-practices"),
    lacks: lacks.map(({ id }) => audits[id]!.title),
  };
}
