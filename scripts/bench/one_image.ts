import { createDeployments, type DeploymentPlan, namespaceOf, ownRepositories, repositoryOf } from "./deployments.ts";
import type { Cluster } from "./cluster.ts";
import { idle } from "./idle.ts";
import type { OneImageResult } from "./results.ts";
import { openView } from "./view.ts";
import { processUsage } from "./usage_of_process.ts";
import { quiet } from "./api_calls.ts";
import { startOperator } from "./operator.ts";

export interface OneImageOptions {
  cluster: Cluster;
  /** Folder of the operator's bundle. */
  app: string;
  workloads: number;
  progress(line: string): void;
}

const shared = repositoryOf("shared");
/** How many workloads have an image of their own, each told of while the others move. */
const others = 100;
const betweenMs = 500;
const patienceMs = 15 * 60_000;

/**
 * One webhook tells of a version of an image that all of the workloads run. Meanwhile another is told of every half second, and the
 * operator asked whether it is ready: how long both wait at most says whether one sender, or one image, stands in another's way.
 */
export async function measureOneImage({ cluster, app, workloads, progress }: OneImageOptions): Promise<OneImageResult> {
  const { admin, apiPort, serviceAccount, controlPlane: { dir } } = cluster;
  const told = (line: string) => progress(`one image in ${workloads.toLocaleString("en-US")} workloads: ${line}`);
  const plans = ownRepositories(workloads + others);
  const all = plans.slice(0, workloads).map((plan): DeploymentPlan => ({ ...plan, image: `${shared}:1.0.0` }));
  const rest = plans.slice(workloads);
  await createDeployments(admin, [...all, ...rest], told);
  await quiet(admin);
  await idle();
  const view = await openView(admin);
  const operator = await startOperator({ app, dir, apiPort, serviceAccount });
  try {
    told("told");
    const changes = all.map(({ name }) => view.follow(name, `${shared}:1.1.0`));
    const { rssBytes } = await processUsage(operator.pid);
    const started = performance.now();
    let over = false;
    const storing = operator.send([{ name: "", repository: shared, tag: "1.1.0" }], 1)
      .then((taken) => ({ ms: performance.now() - started, acknowledged: taken.length === 1 }));
    const waits = { ready: [] as number[], webhook: [] as number[] };
    const asking = (async () => {
      for (let turn = 0; !over; turn++) {
        const { name } = rest[turn % others]!;
        const tag = `1.${1 + Math.floor(turn / others)}.0`;
        const asked = performance.now();
        await operator.ready();
        waits.ready.push(performance.now() - asked);
        const sent = performance.now();
        await operator.send([{ name, repository: repositoryOf(name), tag }], 1);
        waits.webhook.push(performance.now() - sent);
        await new Promise((done) => setTimeout(done, betweenMs));
      }
    })();
    asking.catch(() => {}); // it is waited for later
    const { ms: storedMs, acknowledged } = await storing;
    await Promise.race([
      Promise.all(changes.map((change) => change.over)),
      view.broken,
      new Promise((done) => setTimeout(done, patienceMs).unref()),
    ]);
    over = true;
    await asking;
    const done = changes.filter(({ patchedAt, phase }) => patchedAt !== undefined && phase === "Completed");
    return {
      workloads,
      storedMs,
      appliedMs: Math.max(0, ...done.map(({ finishedAt = started }) => finishedAt - started)),
      lost: acknowledged ? workloads - done.length : 0,
      rssBefore: rssBytes,
      peakRss: (await processUsage(operator.pid)).peakRssBytes,
      longestReadyMs: Math.max(...waits.ready),
      longestWebhookMs: Math.max(...waits.webhook),
      namespaces: new Set(all.map(({ name }) => namespaceOf(name))).size,
    };
  } finally {
    view.close();
    await operator.stop();
  }
}
