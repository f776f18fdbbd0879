import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createCheckAccess } from "../../../core/health/checks.ts";
import { createKubeClient, type KubeConnection } from "../../../core/kube/client.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import job from "../../../plugins/checks/job.ts";
import { type Cluster, cluster } from "../../support/cluster.ts";
import { type AskedCheck, askedCheck, subject } from "./asked.ts";

interface Job {
  metadata: {
    name: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
    ownerReferences: { kind: string; name: string; uid: string }[];
  };
  spec: { backoffLimit: number; ttlSecondsAfterFinished?: number };
}

const s = suite("check job");
let plane: Cluster;
let connection: KubeConnection;
let namespace: string;
let count = 0;
const made: AskedCheck[] = [];

s.before(async () => {
  plane = await cluster();
  namespace = await plane.namespace("check-job");
  const { hostname, port } = new URL(plane.url);
  connection = await loadKubeConfig({
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    HEADWIND_SERVICE_ACCOUNT_DIR: await plane.serviceAccountDir("headwind-system", "headwind"),
  });
  await allow(namespace);
});
s.after(async () => {
  for (const check of made) check.close();
  connection.close();
  await plane.stop();
});

const kubectl = (args: string[], object?: unknown) =>
  plane.kubectl(["-n", namespace, ...args], object === undefined ? undefined : JSON.stringify(object));

/** Binds the optional ClusterRole of `deploy/rbac.yaml`, as its comment says. */
const allow = (where: string) =>
  plane.kubectl([
    ...["-n", where, "create", "rolebinding", "headwind-check-jobs"],
    ...["--clusterrole=headwind-check-jobs", "--serviceaccount=headwind-system:headwind"],
  ]);

async function cronJob(
  name: string,
  spec: Record<string, unknown> = {},
  pod: Record<string, unknown> = {},
  labels: Record<string, string> = { "headwind.sh/check": "true" },
) {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "smoke", image: "smoke:1" }], ...pod } };
  const jobTemplate = {
    metadata: { labels: { team: "shop" }, annotations: { purpose: "smoke test" } },
    spec: { backoffLimit: 2, ttlSecondsAfterFinished: 0, ...spec, template },
  };
  const object = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, labels },
    spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate },
  };
  await kubectl(["create", "-f", "-"], object);
}

interface Request {
  metadata: { namespace: string; name: string; uid: string };
}

/** A stored UpdateRequest, for whose update the check is made. */
async function request(where = namespace): Promise<Request["metadata"]> {
  const object = {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: { name: `ur-${count++}`, namespace: where },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", namespace: where, name: "web" },
      updateType: "image",
      containerName: "app",
      currentImage: "registry.example/shop/web:1.0.0",
      newImage: "registry.example/shop/web:1.1.0",
      policy: "minor",
    },
  };
  const created = await plane.kubectl(["create", "-f", "-", "-o", "json"], JSON.stringify(object));
  return (JSON.parse(created) as Request).metadata;
}

/** The check in a fresh process' place: nothing is known from before. */
function checkFor({ name, namespace, uid }: Request["metadata"]): AskedCheck {
  const client = createKubeClient(connection);
  const check = askedCheck(job, {
    access: (signal) => createCheckAccess(client, signal),
    subject: { workload: { ...subject.workload, namespace }, updateRequest: { namespace, name, uid } },
  });
  made.push(check);
  return check;
}

async function jobs(owner: Request["metadata"]): Promise<Job[]> {
  const { items } = JSON.parse(await kubectl(["get", "jobs", "-o", "json"])) as { items: Job[] };
  return items.filter(({ metadata }) => metadata.ownerReferences.some(({ uid }) => uid === owner.uid));
}

async function until(check: AskedCheck, cronJob: string, state: string): Promise<string> {
  for (const deadline = Date.now() + 60_000;;) {
    const reading = await check.read({ "check-job": cronJob });
    if (reading.state === state) return reading.message;
    if (Date.now() > deadline) throw new Error(`not ${state} in 60 s: ${JSON.stringify(reading)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

s("a Job is made once, is waited for, and succeeds", async () => {
  await cronJob("smoke");
  const owner = await request();
  const check = checkFor(owner);
  const name = `smoke-${owner.uid.replaceAll("-", "")}`;
  assert.equal(await check.read({ "check-job": "smoke" }), { state: "waiting", message: `the Job ${name} runs` });
  assert.is(await until(check, "smoke", "ok"), `the Job ${name} succeeded`);
  const again = checkFor(owner);
  assert.is((await again.read({ "check-job": "smoke" })).state, "ok");
  const [only, ...others] = await jobs(owner);
  assert.is(others.length, 0);
  assert.is(only!.metadata.name, name);
  assert.is(only!.metadata.labels.team, "shop");
  assert.is(only!.metadata.annotations.purpose, "smoke test");
  assert.is(only!.metadata.annotations["cronjob.kubernetes.io/instantiate"], "manual");
  assert.is(only!.spec.backoffLimit, 2);
});

s("one that its CronJob would remove when it ends is kept", async () => {
  const owner = await request();
  await until(checkFor(owner), "smoke", "ok");
  const [only] = await jobs(owner);
  assert.is(only!.spec.ttlSecondsAfterFinished, undefined);
});

s("two that read at the same time make one", async () => {
  const owner = await request();
  const readings = await Promise.all([1, 2, 3, 4].map(() => checkFor(owner).read({ "check-job": "smoke" })));
  assert.ok(readings.every(({ state }) => state !== "failing"), JSON.stringify(readings));
  assert.is((await jobs(owner)).length, 1);
});

s("another update has a Job of its own", async () => {
  const [first, second] = [await request(), await request()];
  await checkFor(first).read({ "check-job": "smoke" });
  await checkFor(second).read({ "check-job": "smoke" });
  assert.is((await jobs(first)).length, 1);
  assert.is((await jobs(second)).length, 1);
});

s("a long name, with a dot where it is cut, still names a Job", async () => {
  const name = "a-cronjob-with-a-name-so-long.that-it-is-cut-here";
  await cronJob(name);
  const owner = await request();
  await until(checkFor(owner), name, "ok");
  assert.is((await jobs(owner))[0]!.metadata.name, `a-cronjob-with-a-name-so-long-${owner.uid.replaceAll("-", "")}`);
});

s("one that fails tells its condition's message", async () => {
  await cronJob("hopeless", { activeDeadlineSeconds: 1 }, { nodeSelector: { no: "node" } });
  const message = await until(checkFor(await request()), "hopeless", "failing");
  assert.match(message, /^the Job hopeless-[0-9a-f]{32} failed: .*longer than specified deadline/);
});

s("a suspended Job is waited for, and that is said", async () => {
  await cronJob("later", { suspend: true });
  const check = checkFor(await request());
  await check.read({ "check-job": "later" });
  assert.match((await check.read({ "check-job": "later" })).message, "is suspended");
});

s("no such CronJob fails by its name", async () => {
  assert.equal(await checkFor(await request()).read({ "check-job": "absent" }), {
    state: "failing",
    message: `there is no CronJob ${namespace}/absent`,
  });
});

s("a CronJob that does not say that it may be run is not", async () => {
  for (const [name, labels] of [["backup", {}], ["migrate", { "headwind.sh/check": "yes" }]] as const) {
    await cronJob(name, {}, {}, labels);
    const owner = await request();
    assert.equal(await checkFor(owner).read({ "check-job": name }), {
      state: "failing",
      message: `the CronJob ${namespace}/${name} has not the label headwind.sh/check: "true", which allows it`,
    });
    assert.equal(await jobs(owner), []);
  }
});

s("the Job goes with the UpdateRequest", async () => {
  const owner = await request();
  await until(checkFor(owner), "smoke", "ok");
  await kubectl(["delete", "updaterequest", owner.name]);
  for (const deadline = Date.now() + 60_000; (await jobs(owner)).length > 0;) {
    if (Date.now() > deadline) assert.unreachable("the Job is still there after 60 s");
    await new Promise((done) => setTimeout(done, 100));
  }
});

s("without the right it fails with what gives it", async () => {
  const elsewhere = await plane.namespace("check-job");
  const check = checkFor(await request(elsewhere));
  const { state, message } = await check.read({ "check-job": "smoke" });
  assert.is(state, "failing");
  assert.match(
    message,
    `Headwind may not make Jobs in ${elsewhere}, the ClusterRole headwind-check-jobs gives that right`,
  );
});

s("a name that could lead elsewhere is refused", async () => {
  for (const name of ["", "../secrets/x", "Smoke", "a/b", "smoke?x=1", "-smoke"]) {
    const { state, message } = await checkFor(await request()).read({ "check-job": name });
    assert.is(state, "failing", name);
    assert.match(message, "headwind.sh/check-job: the name of a CronJob in the same namespace is wanted");
  }
});

s.run();
