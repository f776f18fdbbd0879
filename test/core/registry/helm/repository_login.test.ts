import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failure } from "../faulty_server.ts";
import { chartFixtures, indexOf, sourceAt } from "./repositories.ts";
import { secretOf, secretsOf } from "./secrets.ts";

const s = suite("chart repositories, logins and redirects");

const { serve, read, stop } = chartFixtures();
s.after.each(stop);

const index = indexOf({ nginx: ["1.0.0"] });
const secrets = secretsOf({
  "apps/login": secretOf({ username: "ann", password: "pässword" }, "kubernetes.io/basic-auth"),
  "apps/user": secretOf({ username: "secret" }),
  "apps/password": secretOf({ username: "", password: "secret" }),
  "apps/none": secretOf({ other: "secret" }),
  "apps/locked": "forbidden",
  "apps/half": secretOf({ "tls.crt": "secret" }),
  "apps/bad": secretOf({ "ca.crt": "secret" }),
});
const basic = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode("ann:pässword")))}`;
const at = ({ host }: { host: string }, more = {}) => sourceAt(`http://${host}/stable`, { secret: "login", ...more });

s("Basic, sent at once", async () => {
  const server = await serve(({ headers }) => headers.authorization === basic ? { body: index } : { status: 401 });
  assert.equal(await read({ secrets }).versions(at(server), "nginx"), [{ version: "1.0.0" }]);
  assert.is(server.asked.length, 1);
});

s("a wrong login, and none where one is wanted", async () => {
  const server = await serve(() => ({ status: 401 }));
  const wrong = await failure(read({ secrets }).versions(at(server), "nginx"));
  assert.equal([wrong.kind, wrong.status], ["unauthorized", 401]);
  assert.match(wrong.message, /with this login\.$/);
  const none = await failure(read({ secrets }).versions(at(server, { secret: "none" }), "nginx"));
  assert.match(none.message, /without a login\.$/);
});

s("a Secret that cannot be used is told by its name and key", async () => {
  const server = await serve(() => ({ body: index }));
  const cases: [object, string][] = [
    [{ secret: "user" }, "Secret apps/user has the key username, but not password."],
    [{ secret: "password" }, "Secret apps/password has the key password, but not username."],
    [{ secret: "gone" }, "Secret apps/gone does not exist."],
    [{ secret: "locked" }, "Secret apps/locked may not be read."],
    [{ certSecret: "gone" }, "Secret apps/gone does not exist."],
    [{ certSecret: "half" }, "Secret apps/half has the key tls.crt, but not tls.key."],
    [{ certSecret: "bad" }, "Secret apps/bad has a ca.crt that is no certificate in PEM."],
  ];
  for (const [more, text] of cases) {
    const error = await failure(read({ secrets }).versions(at(server, more), "nginx"));
    assert.equal([error.kind, error.host], ["unauthorized", server.host]);
    assert.is(error.message, `The index of http://${server.host}/stable was not read: ${text}`);
  }
  assert.is(server.asked.length, 0);
});

s("a login goes over plain http to loopback and named hosts only", async () => {
  const error = await failure(
    read({ secrets }).versions(sourceAt("http://charts.example/x", { secret: "login" }), "nginx"),
  );
  assert.is(error.kind, "insecure");
  assert.match(error.message, "HEADWIND_INSECURE_REGISTRIES");
});

s("a redirect is followed; a login stays with its origin, unless it may be passed on", async () => {
  const seen: (string | undefined)[] = [];
  const other = await serve(({ headers }) => {
    seen.push(headers.authorization);
    return { body: index };
  });
  const server = await serve(({ path, headers }) => {
    if (headers.authorization !== basic) return { status: 401 };
    return path === "/moved"
      ? { status: 307, headers: { location: `http://${other.host}/index.yaml` } }
      : { status: 302, headers: { location: "/moved" } };
  });
  const charts = read({ secrets });
  await charts.versions(at(server), "nginx");
  await charts.versions(at(server, { passCredentials: true }), "nginx");
  await charts.versions(at(server, { passCredentials: false }), "nginx");
  assert.equal(seen, [undefined, basic, undefined]);
});

s("a login that is passed on does not go to plain http elsewhere", async () => {
  const server = await serve(() => ({ status: 302, headers: { location: "http://charts.example/index.yaml" } }));
  const error = await failure(read({ secrets }).versions(at(server, { passCredentials: true }), "nginx"));
  assert.is(error.kind, "insecure");
  assert.is(
    error.message,
    `The index of http://${server.host}/stable was not read: ${server.host} redirects to plain http on charts.example.`,
  );
});

s("redirects without end, and to no web address", async () => {
  for (const location of ["/again", "ftp://charts.example/", "http://ann:secret@127.0.0.1/"]) {
    const server = await serve(() => ({ status: 302, headers: { location } }));
    const error = await failure(read().versions(sourceAt(`http://${server.host}`), "nginx"));
    assert.is(error.kind, "garbage");
    assert.not.match(error.message, "secret");
    assert.is(server.asked.length, location === "/again" ? 6 : 1);
  }
});

s.run();
