import { createDeployments, type DeploymentPlan } from "./deployments.ts";
import { quiet } from "./api_calls.ts";
import { startOperator } from "./operator.ts";
import { tinyImage } from "../testbed/image.ts";
import { pushImage } from "../testbed/push.ts";
import { type Registry, type RegistryRequest, startRegistry } from "../testbed/registry.ts";
import type { Cluster } from "./cluster.ts";
import type { PollResult } from "./results.ts";

const workloads = 1000;
const repositories = 50;
const tags = 200;
const intervalSeconds = 10;
/** As long without a request, a poll is over. */
const pauseMs = 2500;

export interface PollOptions {
  cluster: Cluster;
  /** Folder of the operator's bundle. */
  app: string;
  progress(line: string): void;
}

/**
 * Half of the workloads of each repository want the highest version and have it; the other half follow the digest of
 * the tag that all of them run. Counts, in the registry's access log, what the second poll asks.
 */
export async function measurePoll({ cluster, app, progress }: PollOptions): Promise<PollResult> {
  const registry = await startRegistry();
  try {
    progress(`poll: pushing ${repositories} repositories of ${tags} tags`);
    await pushAll(registry);
    await createDeployments(cluster.admin, plans(registry.host), (line) => progress(`poll: ${line}`));
    await quiet(cluster.admin);
    progress("poll: operator");
    const pushed = (await registry.requests()).length;
    const operator = await startOperator({
      app,
      dir: cluster.controlPlane.dir,
      apiPort: cluster.apiPort,
      serviceAccount: cluster.serviceAccount,
      env: {
        HEADWIND_POLLING_INTERVAL: String(intervalSeconds),
        HEADWIND_POLLING_MIN_INTERVAL: String(intervalSeconds),
        HEADWIND_INSECURE_REGISTRIES: registry.host,
      },
    });
    try {
      const first = await onePoll(registry, pushed);
      const second = await onePoll(registry, first);
      return countRequests((await registry.requests()).slice(first, second));
    } finally {
      await operator.stop();
    }
  } finally {
    await registry.stop();
  }
}

/** Sorts what a poll asked of a registry. */
export function countRequests(requests: RegistryRequest[]): PollResult {
  const counted: PollResult = { workloads, repositories, tags, tagLists: 0, heads: 0, manifestGets: 0, others: 0 };
  for (const { method, path } of requests) {
    if (method === "GET" && /\/tags\/list(\?|$)/.test(path)) counted.tagLists++;
    else if (method === "HEAD" && path.includes("/manifests/")) counted.heads++;
    else if (method === "GET" && path.includes("/manifests/")) counted.manifestGets++;
    else counted.others++;
  }
  return counted;
}

const repositoryName = (index: number) => `bench/repository-${String(index).padStart(2, "0")}`;

function plans(host: string): DeploymentPlan[] {
  return Array.from({ length: workloads }, (_, index) => {
    const image = `${host}/${repositoryName(index % repositories)}:1.${tags - 1}.0`;
    const policy = index < workloads / 2 ? "minor" : "force";
    return { name: `app-${String(index).padStart(5, "0")}`, image, policy, eventSource: "polling" };
  });
}

async function pushAll({ host, url }: Registry): Promise<void> {
  for (let index = 0; index < repositories; index++) {
    const repository = repositoryName(index);
    await pushImage(host, repository, "1.0.0", { content: repository });
    const { top } = tinyImage(repository);
    const rest = Array.from({ length: tags - 1 }, (_, minor) => `1.${minor + 1}.0`).values();
    const worker = async () => {
      for (const tag of rest) {
        const answer = await fetch(`${url}/v2/${repository}/manifests/${tag}`, {
          method: "PUT",
          headers: { "content-type": top.mediaType },
          body: Uint8Array.from(top.bytes),
        });
        if (answer.status !== 201) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
        await answer.body?.cancel();
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
  }
}

/** Waits for requests after the first `seen`, and until there are no more of them. Gives their number then. */
async function onePoll(registry: Registry, seen: number): Promise<number> {
  const deadline = Date.now() + 120_000;
  let known = seen;
  let since = Date.now();
  while (known === seen || Date.now() - since < pauseMs) {
    if (Date.now() > deadline) throw new Error("the operator did not poll within two minutes");
    await new Promise((done) => setTimeout(done, 250));
    const now = (await registry.requests()).length;
    if (now !== known) since = Date.now();
    known = now;
  }
  return known;
}
