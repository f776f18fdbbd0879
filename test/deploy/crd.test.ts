import { readFile } from "node:fs/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Method } from "../../core/kube/client.ts";
import { createFetch, type Fetcher } from "../../core/runtime/fetch.ts";
import { readKubeconfig } from "../../scripts/testbed/kubeconfig.ts";
import { type Cluster, cluster } from "../support/cluster.ts";
import { fakeApiServer } from "../support/fake_api_server.ts";

type Json = Record<string, unknown>;

const s = suite("UpdateRequest definition");
let plane: Cluster;
let namespace: string;
let api: Fetcher;
let count = 0;
const inMemory = fakeApiServer().client;

s.before(async () => {
  plane = await cluster();
  namespace = await plane.namespace("crd");
  const { ca, client } = readKubeconfig(await readFile(plane.kubeconfig, "utf8"));
  api = createFetch({ ca: [ca], ...client });
});
s.after(async () => {
  api.close();
  await plane.stop();
});

const full = {
  targetRef: { apiVersion: "apps/v1", kind: "Deployment", namespace: "team", name: "web" },
  updateType: "image",
  containerName: "app",
  currentImage: "registry.example/team/web:1.0.0",
  newImage: "registry.example/team/web:1.0.1",
  policy: "patch",
  reason: "1.0.1 is the highest patch of 1.0",
  requireApproval: true,
  expiresAt: "2030-01-01T00:00:00Z",
  sighting: { at: "2026-01-01T00:00:00Z", via: "webhook", trigger: "registry", trusted: true },
};
const yes = { approved: true, by: "ann", reason: "looks good", via: "api" };

/** Throws with the API server's message. The one in memory, which unit tests stand on, takes and refuses the same. */
async function ask(method: Method, path: string, body?: Json): Promise<Json> {
  const [real, fake] = await Promise.allSettled([askReal(method, path, body), askFake(method, path, body)]);
  const isOfStrictness = real.status === "rejected" && `${real.reason}`.includes("unknown field");
  if (!isOfStrictness) {
    assert.is(fake.status, real.status, `in memory: ${JSON.stringify(fake)}; really: ${JSON.stringify(real)}`);
  }
  if (real.status === "rejected") throw real.reason;
  if (fake.status === "fulfilled") {
    assert.equal([fake.value.spec, fake.value.status], [real.value.spec, real.value.status]);
  }
  return real.value;
}

const askFake = (method: Method, path: string, body?: Json) =>
  inMemory.request<Json>(method, `/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests${path}`, {
    body: body && JSON.parse(JSON.stringify(body)),
  });

async function askReal(method: Method, path: string, body?: Json): Promise<Json> {
  const url = `${plane.url}/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests${path}`;
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const sent = body ? { body: JSON.stringify(body), headers: { "content-type": type } } : {};
  const answer = await api.fetch(`${url}?fieldValidation=Strict`, { method, ...sent });
  const read = await answer.json();
  if (!answer.ok) throw new Error(read.message);
  return read;
}

async function create(change: Json = {}): Promise<string> {
  const name = `ur-${count++}`;
  const spec = { ...full, ...change };
  await ask("POST", "", { apiVersion: "headwind.sh/v1alpha1", kind: "UpdateRequest", metadata: { name }, spec });
  return name;
}

const patch = (name: string, body: Json) => ask("PATCH", `/${name}`, body);
const writeStatus = (name: string, body: Json) => ask("PATCH", `/${name}/status`, body);
const read = (name: string) => ask("GET", `/${name}`) as Promise<{ spec: Json; status?: Json }>;

async function refused(action: Promise<unknown>, ...said: string[]): Promise<void> {
  const message = await action.then(() => undefined, (error: Error) => error.message);
  assert.ok(message !== undefined, `accepted, but ${said.join(", ")} was expected`);
  for (const text of said) assert.ok(message.includes(text), `${text} not in: ${message}`);
}

s("takes a whole request, and the least of one", async () => {
  const name = await create();
  assert.equal((await read(name)).spec, full);
  const least = await create({
    reason: undefined,
    requireApproval: undefined,
    expiresAt: undefined,
    sighting: undefined,
  });
  assert.is((await read(least)).spec.requireApproval, true);
  await create({ updateType: "helmChart", containerName: undefined, currentImage: "1.0.0", newImage: "1.1.0" });
  await create({ decision: yes });
});

s("takes every policy", async () => {
  for (const policy of ["none", "patch", "minor", "major", "glob", "force", "all"]) await create({ policy });
});

const bad: [string, Json, string[]][] = [
  ["no targetRef", { targetRef: undefined }, ["spec.targetRef", "Required"]],
  ["no name", { targetRef: { ...full.targetRef, name: undefined } }, ["spec.targetRef.name", "Required"]],
  ["an empty kind", { targetRef: { ...full.targetRef, kind: "" } }, ["spec.targetRef.kind", "at least 1"]],
  ["a long name", { targetRef: { ...full.targetRef, name: "a".repeat(254) } }, ["spec.targetRef.name", "Too long"]],
  ["an unknown type", { updateType: "package" }, ["spec.updateType", '"image", "helmChart"']],
  ["no container of an image", { containerName: undefined }, ["containerName is required"]],
  ["a list without the container", { containerNames: ["sidecar", "migrate"] }, ["must have containerName among them"]],
  ["a container twice", { containerNames: ["app", "app"] }, ["spec.containerNames", "Duplicate"]],
  ["no container at all", { containerNames: [] }, ["spec.containerNames", "at least 1"]],
  [
    "several of a chart",
    { updateType: "helmChart", containerNames: ["app", "migrate"] },
    ["containerNames is for images"],
  ],
  ["no current image", { currentImage: undefined }, ["spec.currentImage", "Required"]],
  ["no new image", { newImage: undefined }, ["spec.newImage", "Required"]],
  ["a long image", { newImage: `a:${"b".repeat(1024)}` }, ["spec.newImage", "Too long"]],
  ["the same image", { newImage: full.currentImage }, ["newImage must differ from currentImage"]],
  ["no policy", { policy: undefined }, ["spec.policy", "Required"]],
  ["an unknown policy", { policy: "latest" }, ["spec.policy", "Unsupported value"]],
  ["a word for requireApproval", { requireApproval: "yes" }, ["spec.requireApproval", "boolean"]],
  ["no time for expiresAt", { expiresAt: "tomorrow" }, ["spec.expiresAt", "date-time"]],
  ["no trigger", { sighting: { ...full.sighting, trigger: undefined } }, ["spec.sighting.trigger", "Required"]],
  ["an unknown way", { sighting: { ...full.sighting, via: "mail" } }, ["spec.sighting.via", "Unsupported value"]],
  ["no time of sighting", { sighting: { ...full.sighting, at: "now" } }, ["spec.sighting.at", "date-time"]],
  ["a decision of nobody", { decision: { approved: true } }, ["spec.decision.by", "Required"]],
  ["a decision that decides nothing", { decision: { by: "ann" } }, ["spec.decision.approved", "Required"]],
  ["an unknown field", { color: "red" }, ["spec.color"]],
];
for (const [what, change, said] of bad) s(`refuses ${what}`, () => refused(create(change), ...said));

const changes: [string, unknown][] = [
  ["targetRef", { name: "other" }],
  ["updateType", "helmChart"],
  ["containerName", "sidecar"],
  ["currentImage", "registry.example/team/web:0.9.0"],
  ["newImage", "registry.example/team/web:2.0.0"],
  ["policy", "all"],
  ["reason", "because"],
  ["requireApproval", false],
  ["expiresAt", "2031-01-01T00:00:00Z"],
  ["sighting", { trusted: false }],
];
s("refuses a change of anything but the decision", async () => {
  const name = await create();
  for (const [field, value] of changes) {
    await refused(patch(name, { spec: { [field]: value } }), `spec.${field}`, `${field} cannot change after creation`);
  }
  assert.equal((await read(name)).spec, full);
});

s("takes several containers that move together, which do not change either", async () => {
  const name = await create({ containerNames: ["app", "migrate"] });
  assert.equal((await read(name)).spec.containerNames, ["app", "migrate"]);
  const refuse = (value: unknown, said: string) => refused(patch(name, { spec: { containerNames: value } }), said);
  await refuse(["app", "migrate", "sidecar"], "containerNames cannot change after creation");
  await refuse(["app"], "containerNames cannot change after creation");
  await refuse(null, "containerNames cannot be added or removed");
  const alone = await create();
  await refused(
    patch(alone, { spec: { containerNames: ["app", "migrate"] } }),
    "containerNames cannot be added or removed",
  );
});

const optional = ["containerName", "reason", "expiresAt", "sighting"] as const;
s("refuses that a field is removed", async () => {
  const name = await create({ updateType: "helmChart" });
  for (const field of optional) {
    await refused(patch(name, { spec: { [field]: null } }), `${field} cannot be added or removed`);
  }
  await patch(name, { spec: { requireApproval: null } });
  assert.is((await read(name)).spec.requireApproval, true);
  const free = await create({ requireApproval: false });
  await refused(patch(free, { spec: { requireApproval: null } }), "requireApproval cannot change");
});

s("refuses that a field is added", async () => {
  const nothing = Object.fromEntries(optional.map((field) => [field, undefined]));
  const name = await create({ updateType: "helmChart", ...nothing });
  for (const field of optional) {
    await refused(patch(name, { spec: { [field]: full[field] } }), `${field} cannot be added or removed`);
  }
});

s("takes one decision, which stays", async () => {
  const name = await create();
  await patch(name, { spec: { decision: yes } });
  await patch(name, { spec: { decision: yes }, metadata: { labels: { seen: "yes" } } });
  await refused(patch(name, { spec: { decision: { approved: false } } }), "spec.decision", "decision cannot change");
  await refused(patch(name, { spec: { decision: { by: "bob" } } }), "spec.decision", "decision cannot change");
  await refused(patch(name, { spec: { decision: { reason: null } } }), "spec.decision", "decision cannot change");
  await refused(patch(name, { spec: { decision: null } }), "decision cannot be removed");
  assert.equal((await read(name)).spec.decision, yes);
});

const status = {
  phase: "Pending",
  message: "waits for approval",
  lastUpdated: "2026-01-01T00:00:00Z",
  notified: ["update.requested"],
  conditions: [{
    type: "Approved",
    status: "Unknown",
    reason: "WaitingForApproval",
    message: "nobody has decided yet",
    lastTransitionTime: "2026-01-01T00:00:00.123Z",
  }],
};

s("status and the rest are written apart", async () => {
  const name = await create();
  await patch(name, { status });
  assert.is((await read(name)).status, undefined);
  await writeStatus(name, { status, spec: { policy: "all", decision: yes } });
  assert.equal(await read(name).then(({ spec, status }) => ({ spec, status })), { spec: full, status });
});

s("takes every phase, and no other", async () => {
  const name = await create();
  const phases = "Pending Approved Verifying Completed Rejected Failed RolledBack Superseded Held Expired".split(" ");
  for (const phase of phases) await writeStatus(name, { status: { phase } });
  await refused(
    writeStatus(name, { status: { phase: "Done" } }),
    "status.phase",
    "Unsupported value",
  );
  const twice = { conditions: [...status.conditions, ...status.conditions] };
  await refused(writeStatus(name, { status: twice }), "status.conditions", "Duplicate value");
});

s("kubectl shows what one asks for first", async () => {
  const name = await create({ decision: yes });
  const now = { ...status, phase: "Approved", reason: "IntervalNotElapsed", approvedBy: "ann" };
  await writeStatus(name, { status: now });
  for (const short of ["ur", "upd", "updaterequests"]) {
    const [head, row] = (await plane.kubectl(["get", short, name, "-n", namespace])).trim().split("\n");
    assert.equal(head!.split(/\s+/), ["NAME", "KIND", "WORKLOAD", "CONTAINER", "FROM", "TO", "PHASE", "REASON", "AGE"]);
    const cells = [
      name,
      "Deployment",
      "web",
      "app",
      full.currentImage,
      full.newImage,
      "Approved",
      "IntervalNotElapsed",
    ];
    assert.equal(row!.split(/\s+/).slice(0, -1), cells);
  }
  const [head, row] = (await plane.kubectl(["get", "ur", name, "-n", namespace, "-o", "wide"])).trim().split("\n");
  assert.match(head!, /CONTAINER\s+CONTAINERS\s+FROM\s.*AGE\s+POLICY\s+APPROVED-BY\s+MESSAGE$/);
  assert.match(row!, /patch\s+ann\s+waits for approval$/);
});

s.run();
