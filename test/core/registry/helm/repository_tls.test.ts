import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createAuthority } from "../../../../scripts/testbed/certificates.ts";
import { failure } from "../faulty_server.ts";
import { tryCertificate } from "../../../../core/runtime/certificates.ts";
import { chartFixtures, indexOf, sourceAt } from "./repositories.ts";
import { secretOf, secretsOf } from "./secrets.ts";
import { type TlsServer, tlsServer } from "./tls_server.ts";

const s = suite("chart repositories over https");

const { serve, read, stop } = chartFixtures();
const authority = createAuthority("charts");
const stranger = createAuthority("stranger");
const served = authority.server(["127.0.0.1"], []);
const [ann, eve] = [authority.client("ann"), stranger.client("eve")];
const index = indexOf({ nginx: ["1.0.0"] });
const secrets = secretsOf({
  "apps/ca": secretOf({ "ca.crt": authority.cert }),
  "apps/client": secretOf({ "ca.crt": authority.cert, "tls.crt": ann.cert, "tls.key": ann.key }, "kubernetes.io/tls"),
  "apps/wrong-client": secretOf({ "ca.crt": authority.cert, "tls.crt": eve.cert, "tls.key": eve.key }),
  "apps/old": secretOf({ caFile: authority.cert, certFile: ann.cert, keyFile: ann.key }),
  "apps/mixed-up": secretOf({ "ca.crt": authority.cert, "tls.crt": ann.cert, "tls.key": eve.key }),
  "apps/login": secretOf({ username: "ann", password: "pw" }),
});

const servers: TlsServer[] = [];
const start = async (options: Partial<Parameters<typeof tlsServer>[0]>) => {
  const server = await tlsServer({ ...served, index, ...options });
  servers.push(server);
  return server;
};
s.after.each(async () => {
  await stop();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const at = ({ host }: { host: string }, more = {}) => sourceAt(`https://${host}/stable`, more);

s("by the operator's own authorities, or by the source's; otherwise nothing is read", async () => {
  const server = await start({});
  assert.equal(await read({ ca: [authority.cert] }).versions(at(server), "nginx"), [{ version: "1.0.0" }]);
  const charts = read({ secrets });
  assert.equal(await charts.versions(at(server, { certSecret: "ca", secret: "login" }), "nginx"), [{
    version: "1.0.0",
  }]);
  const error = await failure(charts.versions(at(server), "nginx"));
  assert.is(error.kind, "unreachable");
  assert.match((error.cause as Error).message, /certificate/);
});

s("a client's certificate, for its own source only", async () => {
  const server = await start({ clientCa: authority.cert });
  const charts = read({ secrets, tryCertificate });
  assert.equal(await charts.versions(at(server, { certSecret: "client" }), "nginx"), [{ version: "1.0.0" }]);
  assert.equal(await charts.versions(at(server, { secret: "old" }), "nginx"), [{ version: "1.0.0" }]);
  for (const certSecret of ["ca", "wrong-client"]) {
    const error = await failure(charts.versions(at(server, { certSecret }), "nginx"));
    assert.equal([error.kind, error.status], ["unauthorized", 403]);
  }
  const error = await failure(charts.versions(at(server, { certSecret: "mixed-up" }), "nginx"));
  assert.match(error.message, "Secret apps/mixed-up has a tls.key that is not the key of tls.crt.");
});

s("no client certificate without the setting, which is told; an authority alone is taken", async () => {
  const server = await start({ clientCa: authority.cert });
  const charts = read({ secrets });
  for (const [secret, key] of [["client", "tls.crt"], ["old", "certFile"]] as const) {
    const source = at(server, secret === "client" ? { certSecret: secret } : { secret });
    const error = await failure(charts.versions(source, "nginx"));
    assert.is(error.kind, "unauthorized");
    assert.match(
      error.message,
      `Secret apps/${secret} has a client certificate (${key}), which is used only with HEADWIND_HELM_CLIENT_CERTIFICATES=true.`,
    );
  }
  const open = await start({});
  assert.is((await charts.versions(at(open, { certSecret: "ca" }), "nginx")).length, 1);
});

s("a redirect from https to plain http is refused, whatever may be passed on", async () => {
  const plain = await serve(() => ({ body: index }));
  const server = await start({ location: `http://${plain.host}/index.yaml` });
  for (const passCredentials of [false, true]) {
    const charts = read({ secrets, ca: [authority.cert] });
    const error = await failure(charts.versions(at(server, { secret: "login", passCredentials }), "nginx"));
    assert.is(error.kind, "insecure");
    assert.match(error.message, `redirects to plain http on ${plain.host}`);
  }
  assert.is(plain.asked.length, 0);
});

s.run();
