import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { namesIn, readKubeconfig } from "../../../core/kube/kubeconfig.ts";
import { createAuthority } from "../../../scripts/testbed/certificates.ts";

const s = suite("kubeconfig");
let dir: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-kubeconfig-"));
});
s.after(() => rm(dir, { recursive: true }));

const yaml = `
apiVersion: v1
kind: Config
current-context: one
clusters:
- name: c1
  cluster: { server: "http://127.0.0.1:1/", certificate-authority: pki/ca.crt }
users:
- name: u1
  user: { token: "t1", client-key: /abs/key }
contexts:
- name: one
  context: { cluster: c1, user: u1, namespace: apps }
- name: two
  context: { cluster: c2, user: u1 }
`;

/** Of one context, `x`, of this user. */
const configOf = (user: unknown) =>
  JSON.stringify({
    "current-context": "x",
    clusters: [{ name: "x", cluster: { server: "http://127.0.0.1:1" } }],
    users: [{ name: "x", user }],
    contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
  });

async function file(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}

async function refused(promise: Promise<unknown>): Promise<string> {
  return await promise.then(() => "not refused", (error: Error) => error.message);
}

s("YAML, with paths that start at the file", async () => {
  const chosen = await readKubeconfig(await file("one.yaml", yaml));
  assert.is(chosen.context, "one");
  assert.is(chosen.namespace, "apps");
  assert.is(chosen.cluster["certificate-authority"], join(dir, "pki/ca.crt"));
  assert.is(chosen.user["client-key"], "/abs/key");
});

s("of several files the first to say something wins", async () => {
  const first = await file("first.json", JSON.stringify({ "current-context": "two" }));
  const second = await file("second.yaml", yaml);
  const third = await file(
    "third.json",
    JSON.stringify({
      "current-context": "one",
      clusters: [{ name: "c2", cluster: { server: "https://c2" } }],
      users: [{ name: "u1", user: { token: "later" } }],
    }),
  );
  const chosen = await readKubeconfig([first, second, third].join(":"));
  assert.is(chosen.context, "two");
  assert.is(chosen.cluster.server, "https://c2");
  assert.is(chosen.user.token, "t1");
  assert.is(chosen.namespace, "default");
});

s("another context may be chosen, and files that are not there are passed over beside others", async () => {
  const first = await file("chosen.yaml", yaml);
  const second = await file("more.json", JSON.stringify({ contexts: [{ name: "two" }, { name: "three" }] }));
  const paths = [join(dir, "absent"), first, second].join(":");
  const other = yaml.replace("current-context: one", "current-context: two").replace("cluster: c2", "cluster: c1");
  const chosen = await readKubeconfig(await file("other.yaml", other), { context: "one" });
  assert.is(chosen.context, "one");
  assert.is(chosen.namespace, "apps");
  assert.is((await readKubeconfig(paths)).context, "one");
  assert.equal(await namesIn(paths, "contexts"), ["one", "two", "three"]);
  const more = {
    clusters: [{ name: "c3", cluster: { server: "https://c3" } }],
    users: [{ name: "u3", user: { token: "t3" } }],
  };
  const all = [first, await file("mixed.json", JSON.stringify(more))].join(":");
  const mixed = await readKubeconfig(all, { cluster: "c3", user: "u3" });
  assert.equal([mixed.cluster.server, mixed.user.token, mixed.namespace], ["https://c3", "t3", "apps"]);
  assert.match(await refused(readKubeconfig(all, { user: "u4" })), "no user u4 in the kubeconfig");
  assert.match(await refused(readKubeconfig(paths, { context: "four" })), "no context four in the kubeconfig");
});

s("errors name what is missing", async () => {
  assert.match(await refused(readKubeconfig(await file("a", "{}"))), "no current-context in the kubeconfig");
  const dangling = yaml.replace("current-context: one", "current-context: two");
  assert.match(await refused(readKubeconfig(await file("b", dangling))), "no cluster c2 with a server");
  assert.match(await refused(readKubeconfig(await file("c", "a: b: c"))), "is no kubeconfig");
  assert.not.match(await refused(readKubeconfig(await file("d", "token: hunter2\nusers: ["))), "hunter2");
  assert.match(await refused(readKubeconfig("/not/there")), "the kubeconfig /not/there cannot be read: ");
  assert.match(await refused(readKubeconfig(join(dir, "absent"))), "absent");
});

s("without any config, all that was looked for", async () => {
  const message = await refused(loadKubeConfig({ HOME: dir }));
  assert.is(
    message,
    `no way to a cluster: KUBECONFIG is not set, KUBERNETES_SERVICE_HOST is not set, there is no ${dir}/.kube/config`,
  );
  const pod = await refused(
    loadKubeConfig({ KUBERNETES_SERVICE_HOST: "10.0.0.1", HEADWIND_SERVICE_ACCOUNT_DIR: join(dir, "none") }),
  );
  assert.match(pod, `KUBERNETES_SERVICE_HOST is set but there is no ${dir}/none/token, HOME is not set`);
});

s("~/.kube/config, a plain http server, a token", async () => {
  await mkdir(join(dir, ".kube"), { recursive: true });
  const plain = yaml.replace(", certificate-authority: pki/ca.crt", "").replace(", client-key: /abs/key", "");
  await file(".kube/config", plain);
  const connection = await loadKubeConfig({ HOME: dir });
  assert.is(connection.server, "http://127.0.0.1:1");
  assert.is(connection.namespace, "apps");
  assert.equal(await connection.authorization(), { authorization: "Bearer t1" });
  assert.match(connection.describe, "context one");
  connection.close();
});

s("in a pod: an IPv6 address in brackets, the token of the file", async () => {
  const folder = join(dir, "account");
  await mkdir(folder);
  for (const [name, text] of Object.entries({ token: "abc\n", namespace: "system\n", "ca.crt": "" })) {
    await writeFile(join(folder, name), text);
  }
  const connection = await loadKubeConfig({
    KUBERNETES_SERVICE_HOST: "fd00::1",
    KUBERNETES_SERVICE_PORT: "6443",
    HEADWIND_SERVICE_ACCOUNT_DIR: folder,
  });
  assert.is(connection.server, "https://[fd00::1]:6443");
  assert.is(connection.namespace, "system");
  assert.equal(await connection.authorization(), { authorization: "Bearer abc" });
  connection.close();
});

s("a token file, name and password, impersonation", async () => {
  await file("token", "from-file\n");
  const as = async (user: string) => {
    const path = await file(
      "user.yaml",
      yaml.replace(", certificate-authority: pki/ca.crt", "").replace(`{ token: "t1", client-key: /abs/key }`, user),
    );
    const connection = await loadKubeConfig({ KUBECONFIG: path });
    connection.close();
    return await connection.authorization();
  };
  assert.equal(await as(`{ tokenFile: token }`), { authorization: "Bearer from-file" });
  assert.equal(await as(`{ username: a, password: b }`), { authorization: `Basic ${btoa("a:b")}` });
  assert.equal(await as(`{ token: t, as: jane, as-groups: [dev] }`), {
    authorization: "Bearer t",
    "impersonate-user": "jane",
    "impersonate-group": "dev",
  });
});

s("a client certificate that does not fit its key is told by its field, and never reaches the runtime", async () => {
  const authority = createAuthority("kubernetes");
  const [ann, bob] = [authority.client("ann"), authority.client("bob")];
  const load = async (user: Record<string, string>) => {
    const path = await file("certificate.json", configOf(user));
    (await loadKubeConfig({ KUBECONFIG: path })).close();
  };
  await file("ann.crt", ann.cert);
  await load({ "client-certificate": "ann.crt", "client-key-data": btoa(ann.key) });
  await load({ "client-key-data": btoa(ann.key) });
  const cases: [Record<string, string>, string][] = [
    [{ "client-certificate": "ann.crt" }, "a client-certificate, but no client-key"],
    [
      { "client-certificate": "ann.crt", "client-key-data": btoa(bob.key) },
      "a client-key that is not the key of client-certificate",
    ],
    [
      { "client-certificate-data": btoa("ann"), "client-key-data": btoa(ann.key) },
      "a client-certificate that is no certificate in PEM",
    ],
    [{ "client-certificate": "ann.crt", "client-key-data": btoa("ann") }, "a client-key that is no private key in PEM"],
  ];
  for (const [user, fault] of cases) {
    assert.is(await refused(load(user)), `the kubeconfig's user of context x has ${fault}`);
  }
});

s("a login command gives the token, and its failure is told", async () => {
  const credential = JSON.stringify({ kind: "ExecCredential", status: { token: "by-command" } });
  const config = (command: string) =>
    configOf({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", command] } });
  const path = await file("exec.json", config(`test -n "$KUBERNETES_EXEC_INFO" && echo '${credential}'`));
  const connection = await loadKubeConfig({ KUBECONFIG: path });
  assert.equal(await connection.authorization(), { authorization: "Bearer by-command" });
  connection.close();
  const broken = await file("broken.json", config("echo not today >&2; exit 3"));
  assert.is(
    await refused(loadKubeConfig({ KUBECONFIG: broken })),
    "the kubeconfig's login command sh failed: not today",
  );
});

s.run();
