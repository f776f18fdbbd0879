import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadAll } from "js-yaml";
import { readFile } from "node:fs/promises";
import { ASKING_ANNOTATIONS, PREFIX, WRITTEN_ANNOTATIONS } from "../../core/workloads/annotations.ts";
import { createKubeClient, type KubeClient, KubeError } from "../../core/kube/client.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import type { ControlPlane } from "../../scripts/testbed/controlplane.ts";
import { installFluxCrds } from "../../scripts/testbed/flux/install_crds.ts";
import { bareControlPlane, guardAccount, typeChecking } from "../support/guarded.ts";
import { type Person, person } from "../support/people.ts";

const s = suite("what Headwind's own account may change, by the API server's own rule");
const namespace = "shop";
let plane: ControlPlane;
let admin: KubeClient;
let headwind: Person;
/** Of the same name, elsewhere. */
let namesake: Person;
let close: () => void;

s.before(async () => {
  plane = await bareControlPlane();
  await installFluxCrds(plane);
  await plane.kubectl(["create", "namespace", namespace]);
  await plane.kubectl(["create", "namespace", "left-out"]);
  await plane.kubectl(["label", "namespace", "left-out", "headwind.sh/exclude=true"]);
  await guardAccount(plane);
  const connection = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  [admin, close] = [createKubeClient(connection), connection.close];
  headwind = await person(plane, "headwind-system", "headwind");
  namesake = await person(plane, namespace, "headwind", "cluster-admin");
});
s.after(async () => {
  close();
  headwind.close();
  namesake.close();
  await plane.stop();
});

type Operation = { op: "add" | "replace" | "remove"; path: string; value?: unknown };
const add = (path: string, value: unknown): Operation => ({ op: "add", path, value });
const remove = (path: string): Operation => ({ op: "remove", path });
const annotation = (name: string) => `/metadata/annotations/headwind.sh~1${name}`;

const collections = {
  Deployment: "/apis/apps/v1/namespaces/NS/deployments",
  StatefulSet: "/apis/apps/v1/namespaces/NS/statefulsets",
  DaemonSet: "/apis/apps/v1/namespaces/NS/daemonsets",
  CronJob: "/apis/batch/v1/namespaces/NS/cronjobs",
  HelmRelease: "/apis/helm.toolkit.fluxcd.io/v2/namespaces/NS/helmreleases",
  OCIRepository: "/apis/source.toolkit.fluxcd.io/v1/namespaces/NS/ocirepositories",
};
type Kind = keyof typeof collections;
const podKinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"] as const;

const labels = { app: "web" };
const podSpec = {
  containers: [
    { name: "app", image: "reg.example:5000/team/app:1.0.0", command: ["run"], env: [{ name: "A", value: "b" }] },
    { name: "proxy", image: "nginx" },
  ],
  initContainers: [{ name: "migrate", image: "reg.example:5000/team/app:1.0.0" }],
  restartPolicy: "Always",
};
const template = { metadata: { labels }, spec: podSpec };
const specs: Record<Kind, unknown> = {
  Deployment: { replicas: 1, selector: { matchLabels: labels }, template },
  StatefulSet: { replicas: 1, serviceName: "web", selector: { matchLabels: labels }, template },
  DaemonSet: { selector: { matchLabels: labels }, template },
  CronJob: {
    schedule: "0 0 1 1 *",
    jobTemplate: {
      metadata: { labels },
      spec: { template: { ...template, spec: { ...podSpec, restartPolicy: "Never" } } },
    },
  },
  HelmRelease: {
    interval: "1h",
    chart: { spec: { chart: "podinfo", version: "6.3.0", sourceRef: { kind: "HelmRepository", name: "podinfo" } } },
    values: {
      image: { repository: "reg.example/web", tag: "1.0.0" },
      backend: { image: { repository: "reg.example/api", tag: "1.0.0" }, replicas: 2 },
      sidecars: [{ image: { repository: "reg.example/side", tag: "1.0.0" } }],
      flat: "1.0.0",
    },
  },
  OCIRepository: { interval: "1h", url: "oci://reg.example/charts/podinfo", ref: { tag: "6.3.0" } },
};
const valuesImages = "image.repository:image.tag, backend.image.repository:backend.image.tag," +
  "sidecars[0].image.repository:sidecars[0].image.tag,image.repository:flat";

interface Made {
  path: string;
  /** Of the pods' spec. */
  pod: string;
}
let count = 0;

async function make(kind: Kind, annotations?: Record<string, string>, place = namespace): Promise<Made> {
  const name = `one-${++count}`;
  const collection = collections[kind].replace("NS", place);
  const all = annotations ?? { "headwind.sh/policy": "minor", "headwind.sh/values-images": valuesImages, other: "x" };
  await admin.request("POST", collection, {
    body: {
      apiVersion: collection.split("/").slice(2, 4).join("/"),
      kind,
      metadata: { name, annotations: all, labels },
      spec: specs[kind],
    },
  });
  const pod = kind === "CronJob" ? "/spec/jobTemplate/spec/template/spec" : "/spec/template/spec";
  return { path: `${collection}/${name}`, pod };
}

const patch = (kube: KubeClient, path: string, operations: Operation[]) =>
  kube.request("PATCH", path, { patch: "json", body: operations });

async function refused(what: string, path: string, operations: Operation[]): Promise<void> {
  const error = await patch(headwind.kube, path, operations).then(() => undefined, (thrown) => thrown);
  assert.instance(error, KubeError, `it was let through: ${what}`);
  assert.is(error.status, 403, `${what}: ${error.message}, of ${error.reason}`);
  assert.match(error.message, /ValidatingAdmissionPolicy 'headwind-/, what);
}

/** What is asked for by a button Headwind writes for whoever pressed it. */
const writtenNames = Object.keys({ ...WRITTEN_ANNOTATIONS, ...ASKING_ANNOTATIONS });
const ownAnnotations = writtenNames.map((name) => add(annotation(name), "[]"));

for (const kind of podKinds) {
  s(`of a ${kind} tags, digests and the annotations that it writes, and nothing else`, async () => {
    const { path, pod } = await make(kind);
    await patch(headwind.kube, path, [
      add(`${pod}/containers/0/image`, "reg.example:5000/team/app:1.1.0"),
      add(`${pod}/containers/1/image`, `nginx:1.27@sha256:${"0".repeat(64)}`),
      add(`${pod}/initContainers/0/image`, "reg.example:5000/team/app:1.1.0"),
      ...ownAnnotations,
    ]);
    const root = { runAsUser: 0 };
    const tries: Record<string, Operation[]> = {
      "another repository": [add(`${pod}/containers/0/image`, "reg.example:5000/evil/app:1.1.0")],
      "another registry": [add(`${pod}/containers/0/image`, "evil.example/team/app:1.1.0")],
      "another port": [add(`${pod}/containers/0/image`, "reg.example:6000/team/app:1.1.0")],
      "a longer name": [add(`${pod}/containers/1/image`, "nginx/evil:1")],
      "command": [add(`${pod}/containers/0/command`, ["sh"])],
      "no command": [remove(`${pod}/containers/0/command`)],
      "args": [add(`${pod}/containers/0/args`, ["-c"])],
      "env": [add(`${pod}/containers/0/env/0/value`, "c")],
      "security context of a container": [add(`${pod}/containers/0/securityContext`, root)],
      "security context of an init container": [add(`${pod}/initContainers/0/securityContext`, root)],
      "security context of the pod": [add(`${pod}/securityContext`, { runAsUser: 0 })],
      "resources": [add(`${pod}/containers/0/resources`, { limits: { memory: "1Gi" } })],
      "hostPID": [add(`${pod}/hostPID`, true)],
      "hostNetwork": [add(`${pod}/hostNetwork`, true)],
      "hostPath": [add(`${pod}/volumes`, [{ name: "host", hostPath: { path: "/" } }])],
      "a service account": [add(`${pod}/serviceAccountName`, "admin")],
      "a node": [add(`${pod}/nodeName`, "node-1")],
      "another container": [add(`${pod}/containers/-`, { name: "evil", image: "evil" })],
      "a container less": [remove(`${pod}/containers/1`)],
      "another name": [add(`${pod}/containers/1/name`, "other")],
      "an init container": [add(`${pod}/initContainers/-`, { name: "evil", image: "evil" })],
      "an init container among the containers": [
        remove(`${pod}/initContainers`),
        add(`${pod}/containers/-`, podSpec.initContainers[0]),
      ],
      "a container among the init containers": [
        remove(`${pod}/containers/1`),
        add(`${pod}/initContainers/0`, podSpec.containers[1]),
      ],
      "annotation policy": [add(annotation("policy"), "all")],
      "annotation require-approval": [add(annotation("require-approval"), "false")],
      "another's annotation": [add("/metadata/annotations/other", "y")],
      "without another's annotation": [remove("/metadata/annotations/other")],
      "a label": [add("/metadata/labels/evil", "yes")],
      "an owner": [add("/metadata/ownerReferences", [{ apiVersion: "v1", kind: "Pod", name: "a", uid: "b" }])],
      "a finalizer": [add("/metadata/finalizers", ["example.com/evil"])],
      "a label of the pods": [add(`${pod.replace(/spec$/, "metadata")}/labels/evil`, "yes")],
      "an annotation of the pods": [add(`${pod.replace(/spec$/, "metadata")}/annotations`, { evil: "yes" })],
      ...(kind === "CronJob"
        ? {
          "the schedule": [add("/spec/schedule", "* * * * *")],
          "suspended": [add("/spec/suspend", true)],
          "parallelism": [add("/spec/jobTemplate/spec/parallelism", 100)],
          "a label of the Jobs": [add("/spec/jobTemplate/metadata/labels/evil", "yes")],
        }
        : kind === "DaemonSet"
        ? { "minReadySeconds": [add("/spec/minReadySeconds", 7)] }
        : { "replicas": [add("/spec/replicas", 0)], "minReadySeconds": [add("/spec/minReadySeconds", 7)] }),
    };
    for (const [what, operations] of Object.entries(tries)) await refused(what, path, operations);
    // an update with something beside it is refused as a whole
    const beside = [add(`${pod}/containers/0/image`, "reg.example:5000/team/app:1.2.0"), add(`${pod}/hostPID`, true)];
    await refused("an update with hostPID beside it", path, beside);
    await patch(admin, path, [add(`${pod}/hostPID`, true)]);
  });

  s(`no ${kind} that does not ask for it, and none of a namespace that is left out`, async () => {
    const image = (pod: string) => [add(`${pod}/containers/0/image`, "reg.example:5000/team/app:1.1.0")];
    const plain = await make(kind, { other: "x" });
    await refused("no annotation", plain.path, image(plain.pod));
    for (const place of ["kube-system", "left-out"]) {
      const made = await make(kind, undefined, place);
      await refused(place, made.path, image(made.pod));
    }
  });
}

s("of a HelmRelease the chart's version and the tags that its annotation names", async () => {
  const { path } = await make("HelmRelease");
  await patch(headwind.kube, path, [add("/spec/chart/spec/version", "6.4.0"), ...ownAnnotations]);
  for (const tag of ["image/tag", "backend/image/tag", "sidecars/0/image/tag", "flat"]) {
    await patch(headwind.kube, path, [add(`/spec/values/${tag}`, "1.1.0"), ...ownAnnotations]);
  }
  const tries: Record<string, Operation[]> = {
    "another chart": [add("/spec/chart/spec/chart", "evil")],
    "another source": [add("/spec/chart/spec/sourceRef/name", "evil")],
    "another namespace's source": [add("/spec/chart/spec/sourceRef/namespace", "evil")],
    "values files": [add("/spec/chart/spec/valuesFiles", ["evil.yaml"])],
    "a service account": [add("/spec/serviceAccountName", "admin")],
    "a target namespace": [add("/spec/targetNamespace", "kube-system")],
    "values from": [add("/spec/valuesFrom", [{ kind: "Secret", name: "evil" }])],
    "suspended": [add("/spec/suspend", true)],
    "a repository in the values": [add("/spec/values/image/repository", "evil.example/web")],
    "a repository further down": [add("/spec/values/backend/image/repository", "evil.example/web")],
    "another value": [add("/spec/values/backend/replicas", 100)],
    "a new value": [add("/spec/values/evil", true)],
    "a new value further down": [add("/spec/values/image/evil", true)],
    "a value less": [remove("/spec/values/backend/replicas")],
    "a tag with more in it": [add("/spec/values/image/tag", "1.1.0\nevil: true")],
    "a tag further down with more in it": [add("/spec/values/backend/image/tag", "1.1.0 evil")],
    "a tag that is no text": [add("/spec/values/image/tag", { evil: true })],
    "all values": [remove("/spec/values")],
    "annotation values-images": [add(annotation("values-images"), "flat:flat")],
  };
  for (const [what, operations] of Object.entries(tries)) await refused(what, path, operations);
  const plain = await make("HelmRelease", {});
  await refused("no annotation", plain.path, [add("/spec/chart/spec/version", "6.4.0")]);
  const without = await make("HelmRelease", { "headwind.sh/policy": "minor" });
  await refused("values without the annotation", without.path, [add("/spec/values/image/tag", "1.1.0")]);
});

s("of an OCIRepository the version", async () => {
  const { path } = await make("OCIRepository", { other: "x" });
  await patch(headwind.kube, path, [add("/spec/ref/tag", "6.4.0"), ...ownAnnotations]);
  const tries: Record<string, Operation[]> = {
    "another URL": [add("/spec/url", "oci://evil.example/charts/podinfo")],
    "a digest": [add("/spec/ref/digest", `sha256:${"0".repeat(64)}`)],
    "a Secret": [add("/spec/secretRef", { name: "evil" })],
    "plain http": [add("/spec/insecure", true)],
    "allow-from": [add(annotation("allow-from"), "*")],
  };
  for (const [what, operations] of Object.entries(tries)) await refused(what, path, operations);
});

s(
  "an object of a thousand kilobytes and a hundred containers is within what the API server lets a policy cost",
  async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      name: `c-${index}`,
      image: `reg.example/team/app-${index}:1.0.0`,
      args: Array.from({ length: 20 }, () => "x".repeat(400)),
    }));
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const spec = { ...specs.Deployment as object, template: { metadata: { labels }, spec: { containers: many } } };
    const metadata = { name: "large", annotations: { "headwind.sh/policy": "minor" } };
    await admin.request("POST", path, { body: { apiVersion: "apps/v1", kind: "Deployment", metadata, spec } });
    const image = "/spec/template/spec/containers/99/image";
    await patch(headwind.kube, `${path}/large`, [add(image, "reg.example/team/app-99:1.1.0")]);
    await refused("args", `${path}/large`, [add("/spec/template/spec/containers/99/args/19", "y")]);
  },
);

s("one of the same name in another namespace is not Headwind", async () => {
  const { path, pod } = await make("Deployment");
  await patch(namesake.kube, path, [add(`${pod}/hostPID`, true)]);
});

s("the annotations that the policy lets it write are those that it writes", async () => {
  const text = await readFile(new URL("../../deploy/account.yaml", import.meta.url), "utf8");
  const [policy] = loadAll(text) as [{ spec: { variables: { name: string; expression: string }[] } }];
  const { expression } = policy.spec.variables.find(({ name }) => name === "written")!;
  const named = [...expression.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  assert.equal(named.sort(), writtenNames.map((name) => PREFIX + name).sort());
});

s("the API server finds no fault in the policies' types", async () => {
  for (const name of ["headwind-account", "headwind-namespaces"]) {
    assert.equal(await typeChecking(plane, name), {}, name);
  }
});

s.run();
