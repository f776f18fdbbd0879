import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "../testbed/chromium.ts";
import { lighthouse } from "../testbed/lighthouse.ts";
import type { Cluster } from "./cluster.ts";
import { createDeployments, ownRepositories, repositoryOf } from "./deployments.ts";
import { startOperator } from "./operator.ts";
import type { LighthouseResult } from "./results.ts";

const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
/** Of each page: what else the machine does meanwhile moves its marks, so that the one in the middle counts. */
const RUNS = 3;
/** Updates that wait, so that a page has something to show. */
const UPDATES = 30;

export interface LighthouseOptions {
  cluster: Cluster;
  /** Folder of the operator's bundle. */
  app: string;
  progress(line: string): void;
}

/** What Lighthouse says of two pages, with its phone on a slow network. */
export async function measureLighthouse({ cluster, app, progress }: LighthouseOptions): Promise<LighthouseResult[]> {
  const command = await lighthouse(progress);
  const { path, env } = await chromium(progress);
  const plans = ownRepositories(UPDATES).map((plan) => ({ ...plan, requireApproval: true }));
  await createDeployments(cluster.admin, plans, (line) => progress(`lighthouse: ${line}`));
  const operator = await startOperator({
    app,
    dir: cluster.controlPlane.dir,
    apiPort: cluster.apiPort,
    serviceAccount: cluster.serviceAccount,
  });
  try {
    const events = plans.map(({ name }) => ({ name, repository: repositoryOf(name), tag: "1.1.0" }));
    await operator.send(events, 4);
    const [one] = await cluster.admin.request<{ items: { metadata: { name: string; namespace: string } }[] }>(
      "GET",
      "/apis/headwind.sh/v1alpha1/updaterequests",
    ).then(({ items }) => items);
    if (!one) throw new Error("lighthouse: no UpdateRequest came of the webhooks");
    const results: LighthouseResult[] = [];
    for (
      const [page, at] of [["Overview", "/"], [
        "one update",
        `/updates/${one.metadata.namespace}/${one.metadata.name}`,
      ]] as const
    ) {
      const runs: LighthouseResult[] = [];
      for (let run = 1; run <= RUNS; run++) {
        progress(`lighthouse: ${page}, ${run} of ${RUNS}`);
        const { stdout } = await promisify(execFile)(node, [
          ...[command, operator.ui + at, "--output=json", "--output-path=stdout", "--quiet"],
          ...["--no-enable-error-reporting", `--only-categories=${CATEGORIES}`],
          "--chrome-flags=--headless=new --no-sandbox",
        ], { env: { ...process.env, ...env, CHROME_PATH: path }, maxBuffer: 1 << 28 });
        runs.push({ page, ...scoresOf(JSON.parse(stdout)) });
      }
      results.push(runs.sort((a, b) => a.performance - b.performance)[Math.floor(RUNS / 2)]!);
    }
    return results;
  } finally {
    await operator.stop();
  }
}

interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string }>;
}

/** Scores of 100, and what took something off them. */
export function scoresOf({ categories, audits }: Report): Omit<LighthouseResult, "page"> {
  const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
  const lacks = CATEGORIES.flatMap((name) => categories[name]?.auditRefs ?? [])
    .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9);
  return {
    performance: score("performance"),
    accessibility: score("accessibility"),
    bestPractices: score("best-practices"),
    lacks: lacks.map(({ id }) => audits[id]!.title),
  };
}
