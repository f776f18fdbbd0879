import { chromium } from "../testbed/chromium.ts";
import { lighthouse } from "../testbed/lighthouse.ts";
import { quiet } from "./api_calls.ts";
import type { Cluster } from "./cluster.ts";
import { createDeployments, ownRepositories, repositoryOf } from "./deployments.ts";
import { idle } from "./idle.ts";
import { lookOnce } from "./lighthouse_run.ts";
import type { Look } from "./lighthouse_report.ts";
import { startOperator } from "./operator.ts";
import type { LighthouseResult } from "./results.ts";

/** Of each page: what else the machine does meanwhile moves its marks, so that the one in the middle counts. */
const RUNS = 3;
/** How often a run is repeated that gave no scores, and not for the page's sake. */
const REPEATS = 2;
/** Updates that wait, so that a page has something to show. */
const UPDATES = 30;

export interface LighthouseOptions {
  cluster: Cluster;
  /** Folder of the operator's bundle. */
  app: string;
  progress(line: string): void;
  signal: AbortSignal;
}

/** What Lighthouse says of two pages, with its phone on a slow network. */
export async function measureLighthouse(options: LighthouseOptions): Promise<LighthouseResult[]> {
  const { cluster, app, progress, signal } = options;
  const command = await lighthouse(progress);
  const browser = await chromium(progress);
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
    if (!one) throw new Error("no UpdateRequest came of the webhooks");
    const pages = { Overview: "/", "one update": `/updates/${one.metadata.namespace}/${one.metadata.name}` };
    await quiet(cluster.admin);
    const results: LighthouseResult[] = [];
    for (const [page, at] of Object.entries(pages)) {
      const runs: LighthouseResult[] = [];
      for (let run = 1; run <= RUNS; run++) {
        const told = (line: string) => progress(`lighthouse: ${page}, ${run} of ${RUNS}${line}`);
        const look = async () => {
          await idle();
          told("");
          return await lookOnce({ command, chromium: browser, url: operator.ui + at, signal });
        };
        runs.push({ page, ...await scored(look, (trouble) => told(`, again: ${trouble}`)) });
      }
      results.push(runs.sort((a, b) => a.performance - b.performance)[Math.floor(RUNS / 2)]!);
    }
    return results;
  } finally {
    await operator.stop();
  }
}

/** The scores of a look that had any. One that has none is repeated, unless that is the page's fault. */
export async function scored(look: () => Promise<Look>, again: (trouble: string) => void) {
  for (let repeats = 0;; repeats++) {
    const seen = await look();
    if ("scores" in seen) return seen.scores;
    if (seen.ofPage || repeats === REPEATS) throw new Error(seen.trouble);
    again(seen.trouble);
  }
}
