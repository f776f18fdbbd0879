// timeout: 600
import * as assert from "uvu/assert";
import { e2e, eventually } from "../suite.ts";
import { advised, done, failed, kubectlHeadwind } from "./run.ts";
import { openWorld, type Typist, type World } from "./world.ts";

const s = e2e("kubectl headwind: rollback, hold, resume, retry");

let world: World;
let ann: Typist;
/** May only look. */
let eve: Typist;

s.before(async () => {
  world = await openWorld("changes");
  [ann, eve] = await Promise.all([
    world.typist("ann", ["edit"], "get,list,patch,create,delete"),
    world.typist("eve", ["view"], "get,list"),
  ]);
});

s.after(() => world.fixture.stop());

const held = async (name: string) => {
  const { metadata } = await world.ns.workload("Deployment", name);
  return JSON.parse(metadata.annotations!["headwind.sh/held"] ?? "[]") as Record<string, string>[];
};

s("what is done to one container of a pod of one version is done to all of them", async () => {
  const name = "pod";
  const image = world.image(name, "1.0.0");
  await world.create(name, { containers: [{ name: "app", image }], initContainers: [{ name: "migrate", image }] });
  await world.bring(ann, name, "1.1.0");
  assert.match(done(await ann.run("list", "--all")), /deployment\/pod +app and migrate +1\.0\.0 +1\.1\.0/);
  const images = async () => [...new Set(Object.values(await world.ns.images("Deployment", name)))];
  assert.equal(await images(), [world.image(name, "1.1.0")]);
  assert.match(
    done(await ann.run("rollback", name)),
    /rolled back: app and migrate 1\.1\.0 → 1\.0\.0; 1\.1\.0 is held/,
  );
  assert.equal(await images(), [image]);
  assert.equal((await held(name)).map(({ container }) => container), ["app", "migrate"]);
  assert.match(done(await eve.run("why", name, "migrate")), /1\.1\.0 .*held/);
  assert.match(done(await ann.run("resume", name)), /resumed: 1\.1\.0 of app, 1\.1\.0 of migrate/);
  assert.ok((await held(name)).every(({ resumedAt }) => resumedAt !== undefined));
  assert.match(done(await ann.run("hold", name, "--version", "1.2.0")), /holds 1\.2\.0 for app and migrate/);
  assert.equal((await held(name)).filter(({ resumedAt }) => !resumedAt).map(({ container }) => container), [
    "app",
    "migrate",
  ]);
  assert.match(done(await ann.run("resume", name, "migrate")), /resumed: 1\.2\.0 of app, 1\.2\.0 of migrate$/);
});

s("a rollback is one step back, is held, and is told in the history", async () => {
  const name = "back";
  await world.create(name);
  await world.bring(ann, name, "1.1.0");
  await world.bring(ann, name, "1.2.0");
  assert.match(
    failed(await eve.run("rollback", name)),
    /^deployments\.apps "back" is forbidden: User ".*:eve" cannot patch/,
  );
  assert.match(
    done(await ann.run("rollback", name, "--dry-run")),
    /rolled back \(server dry run\): app 1\.2\.0 → 1\.1\.0/,
  );
  assert.is((await world.ns.images("Deployment", name)).app, world.image(name, "1.2.0"));
  assert.is(
    failed(await ann.run("rollback", name, "--to", "0.1.0")),
    "the history of app knows no 0.1.0: it knows 1.1.0, 1.0.0",
  );
  assert.is(
    failed(await ann.run("rollback", name, "--to", "1.2.0")),
    "app runs 1.2.0 already: the history knows 1.1.0, 1.0.0",
  );
  assert.match(failed(await ann.run("rollback", name, "sidecar")), /has no container sidecar: it has app/);

  const said = done(await ann.run("rollback", `deploy/${name}`, "--reason", "too slow"));
  assert.is(
    said,
    `deployment.apps/${name} rolled back: app 1.2.0 → 1.1.0; 1.2.0 is held until ` +
      `kubectl headwind resume deployment/${name} --version 1.2.0`,
  );
  const { status } = await world.phase(name, "1.2.0", "RolledBack");
  assert.match(status!.message!, new RegExp(`rolled back to .*:1\\.1\\.0 by ${ann.user}: too slow`));
  await world.tell(name, "1.2.0");
  assert.is((await world.ns.images("Deployment", name)).app, world.image(name, "1.1.0"));
  const [changes, held] = done(await eve.run("history", name)).split("\n\n");
  assert.match(held!, new RegExp(`^CONTAINER +HELD +AGE +BY +WHY\\napp +1\\.2\\.0 +\\d+s +${ann.user} +too slow$`));
  const history = changes!.split("\n").map((line) => line.split(/ {2,}/));
  assert.equal(history.map(([, from, to, , by, note]) => [from, to, by, note]), [
    ["FROM", "TO", "BY", "NOTE"],
    ["1.2.0", "1.1.0", ann.user, "runs, rollback: too slow"],
    ["1.1.0", "1.2.0", ann.user, "verified, held"],
    ["1.0.0", "1.1.0", ann.user, "verified"],
  ]);
  const data = JSON.parse(done(await eve.run("history", name, "-o", "json")));
  assert.equal(data.held.map(({ image, by }: Record<string, string>) => [image, by]), [[
    world.image(name, "1.2.0"),
    ann.user,
  ]]);

  done(await ann.run("rollback", name, "app", "--to", world.image(name, "1.0.0")));
  assert.is((await world.ns.images("Deployment", name)).app, world.image(name, "1.0.0"));
});

s("what is held is not offered, and what waits stands Held; resume lets it go", async () => {
  const name = "held";
  await world.create(name);
  await world.tell(name, "1.1.0");
  await world.phase(name, "1.1.0", "Pending");
  assert.match(failed(await eve.run("hold", name)), /cannot patch resource "deployments"/);
  assert.is(
    done(await ann.run("hold", name, "--version", "1.1.0", "--reason", "freeze")),
    `deployment.apps/${name} holds 1.1.0 for app, until kubectl headwind resume deployment/${name} --version 1.1.0`,
  );
  const { status } = await world.phase(name, "1.1.0", "Held");
  assert.match(status!.message!, new RegExp(`is held by ${ann.user}: freeze`));
  await world.tell(name, "1.2.0");
  await world.phase(name, "1.2.0", "Pending");
  assert.match(
    failed(await ann.run("resume", name, "--version", "1.2.0")),
    /^1\.2\.0 is not held for deployment\/held, but 1\.1\.0 of app$/,
  );
  assert.match(done(await ann.run("hold", name, "-o", "json")), new RegExp(`"name": "${name}"`));
  await world.phase(name, "1.2.0", "Held");
  assert.match(failed(await ann.run("resume", name, "--version", "1.1.0")), /everything is held for app/);
  assert.match(done(await ann.run("resume", name)), /resumed: everything of app, 1\.1\.0 of app$/);
  await world.phase(name, "1.2.0", "Pending");
  assert.equal((await held(name)).map(({ resumedBy }) => resumedBy), [ann.user, ann.user]);
  assert.is(failed(await ann.run("resume", name)), `nothing is held for deployment/${name}`);
  assert.match(
    failed(await ann.run("hold", name, "--version", "other/image:1")),
    /no container of the repository of other\/image:1/,
  );
  assert.match(failed(await ann.run("hold", name, "--version", "a b")), /neither an image nor a tag/);
});

s("a version that a person left is held; retry lets it go, and it is verified anew", async () => {
  const name = "left";
  await world.create(name);
  await world.bring(ann, name, "1.1.0");
  await world.fixture.cluster.kubectl([
    "-n",
    world.ns.namespace,
    "set",
    "image",
    `deployment/${name}`,
    `app=${world.image(name, "1.0.0")}`,
  ]);
  const old = await world.phase(name, "1.1.0", "Held");
  const key = old.metadata.name;
  const tried = await ann.run("retry", key, "--dry-run");
  assert.match(
    done(tried),
    / made anew \(server dry run\): app of deployment\/left, 1\.0\.0 → 1\.1\.0 \(it was Held: /,
  );
  assert.is((await world.request(name, "1.1.0"))!.metadata.uid, old.metadata.uid);
  const ran = await ann.run("retry", key);
  done(ran);
  assert.is(
    ran.err,
    "1.1.0 is held for app of deployment/left by a person: app was moved back to " + world.image(name, "1.0.0") +
      "; it is let go\n",
  );
  const anew = await world.phase(name, "1.1.0", "Pending");
  assert.is.not(anew.metadata.uid, old.metadata.uid);
  done(await ann.run("approve", key));
  const { status } = await world.phase(name, "1.1.0", "Completed");
  assert.match(status!.message!, /has stayed healthy/);
  const { metadata } = await world.ns.workload("Deployment", name);
  const [entry] = JSON.parse(metadata.annotations!["headwind.sh/update-history"]!);
  assert.equal([entry.updateRequestUid, entry.verified], [anew.metadata.uid, true]);
  assert.match(failed(await ann.run("retry", key)), /would come to nothing: app runs .*:1\.1\.0 already/);
});

s("a version that is held and never ran is in the history", async () => {
  const name = "never";
  await world.create(name);
  done(await ann.run("hold", name, "--version", "1.6.0", "--reason", "known to be broken"));
  const { out, err } = await eve.run("history", name);
  assert.is(err, `deployment/${name} has no history: Headwind has changed nothing\n`);
  assert.match(out, /^CONTAINER +HELD +AGE +BY +WHY\napp +1\.6\.0 +\d+s +\S+ +known to be broken\n$/);
});

s("each command that is advised does what it is advised for, run as it is printed", async () => {
  const name = "advised";
  const proxy = { name: "proxy", image: world.image("proxy", "1.0.0") };
  await world.create(name, { containers: [{ name: "app", image: world.image(name, "1.0.0") }, proxy] });
  // nothing of where it is stands in what is current
  const place = ["--kubeconfig", ann.kubeconfig, "--context", "there", "-n", world.ns.namespace];
  const elsewhere = async (...args: string[]) => done(await kubectlHeadwind("/nowhere", args));
  const why = async (tag: string) =>
    (await elsewhere("why", name, "app", "--all", ...place)).split("\n").find((line) => line.startsWith(`${tag} `))!;
  const follow = async (printed: string, wanted: RegExp) => {
    const [command] = advised(printed);
    assert.match(command?.join(" ") ?? `no command in: ${printed}`, wanted);
    return await elsewhere(...command!);
  };
  const standing = async () =>
    (await held(name)).filter(({ resumedAt }) => !resumedAt).map(({ image }) => image?.split(":").at(-1)).sort();

  await world.tell(name, "1.1.0");
  await world.phase(name, "1.1.0", "Pending");
  await follow(await why("1.1.0"), /^approve \S+ -n \S+ --context there --kubeconfig \S+$/);
  await world.phase(name, "1.1.0", "Completed");

  await elsewhere("hold", name, "app", "--version", "1.2.0", ...place);
  const said = await elsewhere("rollback", name, "app", ...place);
  assert.match(await why("1.1.0"), /held by .*; not offered until a person resumes: /);
  await follow(said, /^resume deployment\/advised app --version 1\.1\.0 -n /);
  assert.equal(await standing(), ["1.2.0"]);

  await world.tell(name, "1.3.0");
  await world.phase(name, "1.3.0", "Pending");
  await elsewhere("hold", name, "app", "--version", "1.3.0", ...place);
  await world.phase(name, "1.3.0", "Held");
  await follow(await why("1.3.0"), /^resume deployment\/advised app --version 1\.3\.0 -n /);
  assert.equal(await standing(), ["1.2.0"]);
  const { metadata } = await world.phase(name, "1.3.0", "Pending");
  await elsewhere("reject", metadata.name, ...place);
  await world.phase(name, "1.3.0", "Rejected");
  await follow(await why("1.3.0"), /^retry \S+ -n /);
  await world.phase(name, "1.3.0", "Pending");

  await elsewhere("reject", metadata.name, ...place);
  await world.phase(name, "1.3.0", "Rejected");
  await world.tell(name, "1.4.0");
  await world.phase(name, "1.4.0", "Pending");
  const line = await why("1.3.0");
  assert.match(line, /unless 1\.4\.0, which is newer, is rejected: then by kubectl headwind retry /);
  const [retry] = advised(line);
  const tooEarly = failed(await kubectlHeadwind("/nowhere", retry!));
  await follow(tooEarly, /^reject \S+ -n /);
  await world.phase(name, "1.4.0", "Rejected");
  await elsewhere(...retry!);
  await world.phase(name, "1.3.0", "Pending");

  await follow(await elsewhere("hold", name, ...place), /^resume deployment\/advised -n /);
  await follow(await elsewhere("hold", name, "proxy", ...place), /^resume deployment\/advised proxy -n /);
  assert.equal(await standing(), []);
});

s("who changes the workload at the same moment is not overwritten: it is read again", async () => {
  const name = "raced";
  await world.create(name);
  await world.bring(ann, name, "1.1.0");
  const proxy = await world.fixture.proxy();
  proxy.delay(700);
  const patches = () =>
    proxy.calls.filter(({ method, path }) => method === "PATCH" && path.includes(`/deployments/${name}`));
  const rolling = kubectlHeadwind(proxy.kubeconfig, ["rollback", name, "-n", world.ns.namespace]);
  await eventually("the patch is on its way", async () => patches().length > 0);
  done(await ann.run("hold", name, "--version", "9.9.9"));
  proxy.delay(0);
  assert.match(done(await rolling), /rolled back: app 1\.1\.0 → 1\.0\.0/);
  assert.equal(patches().map(({ status }) => status), [422, 200]);
  assert.equal((await held(name)).map(({ image }) => image!.split(":").at(-1)), ["1.1.0", "9.9.9"]);
});

s.run();
