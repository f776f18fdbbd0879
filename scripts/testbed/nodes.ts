import { type Ask, ok } from "./api.ts";

/** Adds a node that kwok runs, with room for a thousand pods. */
export async function addNode(ask: Ask, name: string): Promise<void> {
  const resources = { cpu: "1k", memory: "1Ti", pods: "1k" };
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake", "node.alpha.kubernetes.io/ttl": "0" },
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node-role.kubernetes.io/agent": "",
        type: "kwok",
      },
    },
    status: { allocatable: resources, capacity: resources, phase: "Running" },
  };
  await ok(ask("POST", "/api/v1/nodes", node));
}

/** Whether the node's condition Ready is true and no taint keeps pods away from it. */
export async function nodeIsReady(ask: Ask, name: string): Promise<boolean> {
  const node = await ok(ask("GET", `/api/v1/nodes/${name}`)) as {
    spec: { taints?: unknown[] };
    status: { conditions?: { type: string; status: string }[] };
  };
  const ready = node.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  return ready === true && (node.spec.taints ?? []).length === 0;
}
