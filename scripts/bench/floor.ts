/**
 * The floor: what an event costs at least. A process that lists the Deployments once, and for each event that its standard
 * input names creates the UpdateRequest, patches the workload and patches the status: the same bodies as the operator's,
 * no watch, no answer read beyond its status. Deno's own fetch, HTTP/1.1 (quicker than HTTP/2 here), kept alive. With a
 * registry it asks that for the version before it patches the workload, by one HEAD.
 *
 * A line of its input is `{events, atOnce}`; one of its output is the milliseconds from the start of each event until
 * the API server has answered the patch of the workload, by its own clock.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { lineSplitter } from "../../core/kube/watch_stream.ts";
import { MANIFEST_TYPES } from "../../core/registry/manifests.ts";
import { container, namespaceOf } from "./deployments.ts";
import type { ImageEvent } from "./subject.ts";

interface Known {
  uid: string;
  image: string;
  history: Record<string, string>[];
}

const [server = "", serviceAccount = "", registry] = process.argv.slice(2);
const client = Deno.createHttpClient({
  caCerts: [readFileSync(`${serviceAccount}/ca.crt`, "utf8")],
  http2: false,
  poolMaxIdlePerHost: 32,
});
const authorization = `Bearer ${readFileSync(`${serviceAccount}/token`, "utf8").trim()}`;
const known = new Map<string, Known>();

async function ask(method: string, path: string, type = "application/json", body?: unknown): Promise<Response> {
  const init = { method, client, headers: { authorization, "content-type": type, accept: "application/json" } };
  const response = await fetch(server + path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function head(url: string): Promise<Response> {
  const response = await fetch(url, { method: "HEAD", client, headers: { accept: MANIFEST_TYPES } });
  if (!response.ok) throw new Error(`HEAD ${url}: ${response.status}`);
  return response;
}

async function list(): Promise<void> {
  let next = "";
  do {
    const response = await ask("GET", `/apis/apps/v1/deployments?limit=500&continue=${encodeURIComponent(next)}`);
    const page = await response.json() as {
      metadata: { continue?: string };
      items: {
        metadata: { name: string; uid: string; annotations: Record<string, string> };
        spec: { template: { spec: { containers: { image: string }[] } } };
      }[];
    };
    for (const { metadata, spec } of page.items) {
      const history = JSON.parse(metadata.annotations["headwind.sh/update-history"] ?? "[]");
      known.set(metadata.name, { uid: metadata.uid, image: spec.template.spec.containers[0]!.image, history });
    }
    next = page.metadata.continue ?? "";
  } while (next);
}

async function apply({ name, repository, tag }: ImageEvent): Promise<number> {
  const started = performance.now();
  const workload = known.get(name)!;
  const namespace = namespaceOf(name);
  const deployment = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const updateRequests = `/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests`;
  const { uid, image } = workload;
  const newImage = `${repository}:${tag}`;
  const request = `${name}-${container}-${tag.replaceAll(".", "-")}-floor`;
  const now = new Date().toISOString();
  const target = { apiVersion: "apps/v1", kind: "Deployment", name };
  await drained(ask("POST", `${updateRequests}?fieldManager=headwind`, "application/json", {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: { name: request, namespace, ownerReferences: [{ ...target, uid }] },
    spec: {
      targetRef: { ...target, namespace },
      updateType: "image",
      containerName: container,
      currentImage: image,
      newImage,
      policy: "minor",
      reason: `${tag} is the highest version that policy minor takes`,
      requireApproval: false,
      sighting: { at: now, via: "webhook", trigger: "registry", trusted: true },
    },
  }));
  if (registry) await drained(head(`${registry}/v2/${repository.slice(repository.indexOf("/") + 1)}/manifests/${tag}`));
  const at = `/spec/template/spec/containers/0`;
  const entry = { container, image: newImage, previousImage: image, timestamp: now, updateRequestName: request };
  const written = workload.history.length > 0 ? JSON.stringify(workload.history) : null;
  const history = [entry, ...workload.history].slice(0, 10);
  await drained(ask("PATCH", `${deployment}?fieldManager=headwind`, "application/json-patch+json", [
    { op: "test", path: "/metadata/uid", value: uid },
    { op: "test", path: `${at}/name`, value: container },
    { op: "test", path: `${at}/image`, value: image },
    { op: "test", path: "/metadata/annotations/headwind.sh~1update-history", value: written },
    { op: "test", path: "/metadata/annotations/headwind.sh~1policy", value: "minor" },
    { op: "replace", path: `${at}/image`, value: newImage },
    { op: "add", path: "/metadata/annotations/headwind.sh~1update-history", value: JSON.stringify(history) },
    { op: "add", path: "/metadata/annotations/headwind.sh~1last-update", value: now },
  ]));
  const patched = performance.now();
  known.set(name, { uid, image: newImage, history });
  const message = `${container} runs ${newImage}`;
  await drained(
    ask("PATCH", `${updateRequests}/${request}/status?fieldManager=headwind`, "application/merge-patch+json", {
      status: {
        phase: "Completed",
        message,
        lastUpdated: now,
        appliedAt: now,
        conditions: [{ type: "Applied", status: "True", reason: "Applied", message, lastTransitionTime: now }],
      },
    }),
  );
  return patched - started;
}

const drained = async (response: Promise<Response>) => void await (await response).arrayBuffer();

async function applyAll(events: ImageEvent[], atOnce: number): Promise<number[]> {
  const times: number[] = [];
  const queue = events.values();
  const worker = async () => {
    for (const event of queue) times.push(await apply(event));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return times;
}

await list();
console.log("[]");
const split = lineSplitter();
for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
  for (const line of split(chunk)) {
    const { events, atOnce } = JSON.parse(line) as { events: ImageEvent[]; atOnce: number };
    console.log(JSON.stringify(await applyAll(events, atOnce)));
  }
}
