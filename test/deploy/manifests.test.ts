import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadAll } from "js-yaml";
import { parseReference } from "../../core/versions/reference.ts";
import { established } from "../../scripts/testbed/established.ts";
import { manifestsIn } from "../support/readme.ts";
import { type Cluster, cluster } from "../support/cluster.ts";

interface Container {
  image: string;
  ports: { name: string; containerPort: number }[];
  securityContext: unknown;
}
interface Document {
  kind: string;
  metadata: { name: string; namespace?: string };
  subjects?: unknown[];
  spec: {
    ports?: { port: number; targetPort: string }[];
    template?: { spec: { serviceAccountName: string; securityContext: unknown; containers: [Container] } };
  };
}

const s = suite("manifests");
const deploy = fileURLToPath(new URL("../../deploy", import.meta.url));
let plane: Cluster;
let documents: Document[];
/** A kustomization as deploy/README.md has it. */
let install: string;
const folders: string[] = [];

const render = async (folder: string): Promise<Document[]> =>
  loadAll(await plane.kubectl(["kustomize", folder])) as Document[];

async function kustomization(...components: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "headwind-install-"));
  folders.push(folder);
  const path = relative(folder, deploy);
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const text = JSON.stringify({
    resources: [path],
    components: components.map((name) => `${path}/components/${name}`),
    images: [{ name: "HEADWIND_IMAGE", newName: "reg.example/headwind", newTag: version }],
  });
  await writeFile(join(folder, "kustomization.yaml"), text);
  return folder;
}

s.before(async () => {
  plane = await cluster({ own: true });
  install = await kustomization();
  documents = await render(install);
});
s.after(async () => {
  await plane.stop();
  for (const folder of folders) await rm(folder, { recursive: true });
});

const of = (kind: string, name: string) =>
  documents.find((document) => document.kind === kind && document.metadata.name === name)!;

s("all apply, twice, and two pods become ready", async () => {
  await plane.kubectl(["apply", "-k", install]);
  const again = (await plane.kubectl(["apply", "-k", install])).trim().split("\n");
  assert.is(again.length, documents.length);
  // kubectl always replaces the selector of a PodDisruptionBudget, and says so
  const changed = again.filter((line) => !line.endsWith(" unchanged"));
  assert.equal(changed, ["poddisruptionbudget.policy/headwind configured"]);
  await plane.kubectl(["rollout", "status", "-n", "headwind-system", "deployment/headwind", "--timeout=60s"]);
});

s("the Services keep their names and find the pods", async () => {
  for (
    const [name, port] of [["headwind-webhook", 8080], ["headwind-api", 8081], ["headwind-metrics", 9090], [
      "headwind-ui",
      8082,
    ]] as const
  ) {
    assert.is(of("Service", name).spec.ports![0]!.port, port);
    await ready(name, port);
  }
});

async function ready(service: string, port: number): Promise<void> {
  const path =
    "{range .items[*]}{range .endpoints[?(@.conditions.ready==true)]}{.addresses[0]} {end}{.ports[0].port}{end}";
  const args = ["get", "endpointslices", "-n", "headwind-system", "-l", `kubernetes.io/service-name=${service}`];
  let found = "";
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    found = await plane.kubectl([...args, "-o", `jsonpath=${path}`]);
    if (new RegExp(`^\\S+ \\S+ ${port}$`).test(found)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.unreachable(`${service}: ${found}`);
}

s("the container has no more than it needs", () => {
  const { securityContext, containers } = of("Deployment", "headwind").spec.template!.spec;
  assert.equal(containers[0].securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  const user = { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 };
  assert.equal(securityContext, { ...user, seccompProfile: { type: "RuntimeDefault" } });
});

s("the image is the user's own: without one no kubelet takes it, and no registry is asked", async () => {
  const imageIn = (some: Document[]) =>
    some.find(({ kind }) => kind === "Deployment")!.spec.template!.spec.containers[0].image;
  assert.match(imageIn(documents), /^reg\.example\/headwind:\d/);
  const unset = imageIn(await render(deploy));
  assert.is(unset, "HEADWIND_IMAGE");
  assert.throws(() => parseReference(unset), "a name in capitals is no reference");
});

s("the components take a right away, or add one, and nothing else", async () => {
  const names = (some: Document[]) => some.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const [all, without, vouching] = await Promise.all([
    documents,
    render(await kustomization("no-cluster-secrets")),
    render(await kustomization("vouched-approvals")),
  ].map(async (some) => names(await some)));
  const secrets = "ClusterRoleBinding headwind-pull-credentials";
  assert.equal(without, all!.filter((name) => name !== secrets));
  const added = ["ClusterRole headwind-vouched-approvals", "ClusterRoleBinding headwind-vouched-approvals"];
  assert.equal(vouching!.filter((name) => !all!.includes(name)), added);
  assert.is(vouching!.length, all!.length + added.length);
});

s("the component webhook-secrets mounts what its setting names", async () => {
  const some = await render(await kustomization("webhook-secrets"));
  const text = JSON.stringify(some.find(({ kind }) => kind === "Deployment"));
  const { HEADWIND_WEBHOOK_SECRETS_FILE: file } = Object.fromEntries(
    [...text.matchAll(/"name":"(HEADWIND_\w+)","value":"([^"]+)"/g)].map(([, name, value]) => [name, value]),
  );
  const [, folder] = /"mountPath":"([^"]+)","name":"webhook-secrets"/.exec(text) ?? [];
  assert.is(file, `${folder}/secrets`);
  assert.match(text, '{"name":"webhook-secrets","secret":{"secretName":"headwind-webhook-secrets"}}');
  assert.is(some.length, documents.length);
});

s("the component dashboard-login mounts the keys of sessions, and has people sign in by a token", async () => {
  const some = await render(await kustomization("dashboard-login"));
  const text = JSON.stringify(some.find(({ kind }) => kind === "Deployment"));
  const set = Object.fromEntries(
    [...text.matchAll(/"name":"(HEADWIND_\w+)","value":"([^"]+)"/g)].map(([, name, value]) => [name, value]),
  );
  const [, folder] = /"mountPath":"([^"]+)","name":"ui-session"/.exec(text) ?? [];
  assert.is(set.HEADWIND_UI_AUTH_MODE, "token");
  assert.is(set.HEADWIND_UI_SESSION_KEYS_FILE, `${folder}/keys`);
  assert.match(text, '{"name":"ui-session","secret":{"secretName":"headwind-ui-session"}}');
  assert.is(some.length, documents.length);
});

s("in a namespace of another name the policies know the account all the same", async () => {
  const folder = await kustomization();
  const path = join(folder, "kustomization.yaml");
  const own = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...own, namespace: "updates" }));
  const binding = (await render(folder)).find(({ kind, metadata }) =>
    kind === "ClusterRoleBinding" && metadata.name === "headwind-account"
  );
  assert.equal(binding!.subjects, [{ kind: "ServiceAccount", name: "headwind", namespace: "updates" }]);
  for (const name of ["approvals.yaml", "account.yaml"]) {
    const text = await readFile(join(deploy, name), "utf8");
    assert.not.match(text.replaceAll(/#.*/g, ""), "headwind-system", `${name} names a namespace`);
  }
});

const workloads = ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "cronjobs.batch"];
const requests = "updaterequests.headwind.sh";
const policies = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"].map((plural) =>
  `${plural}.admissionregistration.k8s.io`
);
const leases = "leases.coordination.k8s.io";
const home = "headwind-system";

/** Verbs, then resources (`resource.group/subresource=name`), then the namespace, or all. */
type Rights = [string[], string[], string?];
const may: Rights[] = [
  [["get", "list", "watch", "patch"], workloads],
  [["get", "list", "watch", "create", "patch", "delete"], [requests]],
  [["patch"], [`${requests}/status`]],
  [["list", "watch"], ["pods"]],
  [["create"], ["events"]],
  [["get"], ["secrets", "serviceaccounts"]],
  [["create"], ["subjectaccessreviews.authorization.k8s.io"]],
  [["get"], policies.flatMap((policy) => [`${policy}=headwind-approvals`, `${policy}=headwind-account`])],
  [["create"], [leases], home],
  [["get", "update"], [`${leases}=headwind`], home],
];
const mayNot: Rights[] = [
  [["create", "update", "delete", "deletecollection"], workloads],
  [["patch", "update"], ["deployments.apps/scale", "deployments.apps/status"]],
  [["update", "deletecollection", "approve"], [requests]],
  [["update"], [`${requests}/status`]],
  [["list", "watch", "create", "update", "patch", "delete"], ["secrets"]],
  [["list", "watch", "create", "patch", "impersonate"], ["serviceaccounts"]],
  [["impersonate"], ["users", "groups", "uids.authentication.k8s.io"]],
  [["get"], policies.map((policy) => `${policy}=other`)],
  [["list", "watch", "create", "update", "patch", "delete"], policies],
  [["create"], ["tokenreviews.authentication.k8s.io", "localsubjectaccessreviews.authorization.k8s.io"]],
  [["create"], ["serviceaccounts/token", "pods/exec", "pods/eviction"]],
  [["get", "list", "watch", "create", "delete"], ["configmaps", "nodes", "namespaces", "replicasets.apps"]],
  [["get", "create", "update", "patch", "delete"], ["pods", "pods/status", "pods/log"]],
  [["get", "list", "create", "delete"], ["jobs.batch"]],
  [["get", "list", "watch", "patch", "delete"], ["events"]],
  [["create", "get", "update"], [leases], "default"],
  [["get", "update"], [`${leases}=other`], home],
  [["list", "watch", "patch", "delete"], [leases], home],
  [["create", "bind", "escalate"], ["clusterroles.rbac.authorization.k8s.io"]],
  [["create", "patch"], ["customresourcedefinitions.apiextensions.k8s.io"]],
  [["*"], ["*.*"]],
];

for (const [allowed, rights] of [[true, may], [false, mayNot]] as const) {
  s(allowed ? "it may do what it must" : "it may do nothing else", async () => {
    const asked = rights.flatMap(([verbs, resources, namespace]) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ verb, resource, namespace })))
    );
    const reviews = asked.map(({ verb, resource, namespace }) => review(verb, resource, namespace));
    const list = { apiVersion: "v1", kind: "List", items: reviews };
    const answers = await plane.kubectl(
      ["create", "-f", "-", "-o", "jsonpath={.status.allowed} "],
      JSON.stringify(list),
    );
    const wrong = asked.filter((_, index) => answers.split(" ")[index] !== String(allowed));
    assert.equal(wrong, []);
  });
}

function review(verb: string, asked: string, namespace?: string) {
  const [, resource, group = "", subresource, name] = /^([^./=]+)(?:\.([^/=]+))?(?:\/([^=]+))?(?:=(.+))?$/.exec(asked)!;
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: "system:serviceaccount:headwind-system:headwind",
      groups: ["system:serviceaccounts", "system:serviceaccounts:headwind-system", "system:authenticated"],
      resourceAttributes: { verb, resource, group, subresource, name, namespace },
    },
  };
}

s("the manifests of the READMEs are taken as they stand", async () => {
  const definitions = fileURLToPath(new URL("../../scripts/testbed/flux/crds", import.meta.url));
  await plane.kubectl(["apply", "-f", definitions]);
  await established(plane, ["crd/helmreleases.helm.toolkit.fluxcd.io", "crd/updaterequests.headwind.sh"]);
  const texts = await manifestsIn({ REGISTRY: "127.0.0.1:5000" });
  const kinds = texts.map((text) => (loadAll(text)[0] as Document).kind);
  assert.equal(kinds.toSorted(), ["ConfigMap", "Deployment", "HelmRelease", "UpdateRequest"]);
  // whom the request names as its maker, since the policies stand here
  const ann = ["--as=ann@example.com", "--as-group=system:masters"];
  for (const text of texts) {
    await plane.kubectl(["apply", "--dry-run=server", "--validate=strict", ...ann, "-f", "-"], text);
  }
});

s.run();
