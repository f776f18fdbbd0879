import { createHash } from "node:crypto";
import type { KubeClient } from "../../core/kube/client.ts";
import { isAlreadyExists } from "../../core/kube/kube_error.ts";

export const container = "app";

/**
 * Deployments of one namespace. The deployment controller looks through all ReplicaSets of the namespace for each change of
 * a Deployment: with ten thousand in one, that is what would be measured.
 */
const perNamespace = 100;

/** The namespace of a Deployment, whose name ends with its number. */
export const namespaceOf = (name: string): string =>
  `bench-${Math.floor(Number(/\d+$/.exec(name)![0]) / perNamespace)}`;

export const namespacesOf = (names: readonly string[]): string[] => [...new Set(names.map(namespaceOf))];

/** A Deployment of 0 replicas that Headwind moves, without asking unless it says so. */
export interface DeploymentPlan {
  name: string;
  image: string;
  policy: "minor" | "force";
  eventSource: "webhook" | "polling";
  /** @default false */
  requireApproval?: boolean;
}

/** One Deployment with a repository of its own for each number from 0, of version 1.0.0. */
export const ownRepositories = (count: number, from = 0): DeploymentPlan[] =>
  Array.from({ length: count - from }, (_, index) => {
    const name = `app-${String(from + index).padStart(5, "0")}`;
    return { name, image: `${repositoryOf(name)}:1.0.0`, policy: "minor", eventSource: "webhook" };
  });

/** Where the registry of the images would be. None needs to be there, unless the operator is to ask it. */
export const registryPort = 5999;
export const repositoryOf = (name: string): string => `127.0.0.1:${registryPort}/bench/${name}`;

function manifest({ name, image, policy, eventSource, requireApproval = false }: DeploymentPlan) {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace: namespaceOf(name),
      labels,
      annotations: {
        "headwind.sh/policy": policy,
        "headwind.sh/require-approval": String(requireApproval),
        "headwind.sh/min-update-interval": "0",
        "headwind.sh/event-source": eventSource,
        // As much as tools such as kubectl leave on a Deployment of the real world.
        "example.com/checksum": createHash("sha512").update(name).digest("hex"),
      },
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{
            name: container,
            image,
            ports: [{ name: "http", containerPort: 8080 }],
            env: [{ name: "PORT", value: "8080" }],
            resources: { requests: { cpu: "10m", memory: "16Mi" } },
          }],
        },
      },
    },
  };
}

const atOnce = 24;

/** Creates them, and waits until the deployment controller has made a ReplicaSet of each. */
export async function createDeployments(
  client: KubeClient,
  plans: DeploymentPlan[],
  progress: (line: string) => void,
): Promise<void> {
  await createNamespaces(client, namespacesOf(plans.map(({ name }) => name)));
  let created = 0;
  const queue = plans.values();
  const worker = async () => {
    for (const plan of queue) {
      const path = `/apis/apps/v1/namespaces/${namespaceOf(plan.name)}/deployments`;
      await client.request("POST", path, { body: manifest(plan) });
      if (++created % 2000 === 0) progress(`${created} of ${plans.length} Deployments created`);
    }
  };
  const before = await count(client, "replicasets");
  await Promise.all(Array.from({ length: atOnce }, worker));
  progress(`${created} Deployments created; waiting for their controller`);
  for (let told = Date.now();;) {
    const made = await count(client, "replicasets") - before;
    if (made >= plans.length) return;
    if (Date.now() - told > 10_000) {
      progress(`${made} of ${plans.length} ReplicaSets made by the controller`);
      told = Date.now();
    }
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** Those that are there already, from a smaller size, stay. */
async function createNamespaces(client: KubeClient, names: string[]): Promise<void> {
  for (const name of names) {
    await client.request("POST", "/api/v1/namespaces", { body: { metadata: { name } } }).catch((error) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }
}

async function count(client: KubeClient, plural: string): Promise<number> {
  const path = `/apis/apps/v1/${plural}`;
  const { metadata, items } = await client.request<{ metadata: { remainingItemCount?: number }; items: unknown[] }>(
    "GET",
    path,
    { query: { limit: "1" } },
  );
  return items.length + (metadata.remainingItemCount ?? 0);
}
