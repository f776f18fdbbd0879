// runs on: deno
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readEntrypoint } from "../../../scripts/bench/entrypoint.ts";
import { createAuthority } from "../../../scripts/testbed/certificates.ts";

const s = suite("which authorities vouch for a server, on Deno");

const [known, clusters] = [createAuthority("a well-known one"), createAuthority("the cluster's")];
const root = fileURLToPath(new URL("../../../", import.meta.url));
let dir: string;
const servers = [known, clusters].map((authority) =>
  createServer(authority.server(["127.0.0.1"], []), (_, response) => response.end("ok"))
);
const url = (at: number) => `https://127.0.0.1:${(servers[at]!.address() as AddressInfo).port}/`;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-authorities-"));
  await writeFile(join(dir, "known.pem"), known.cert);
  for (const server of servers) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

s.after(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(dir, { recursive: true });
});

/** Whether a server of each authority is trusted, by a process whose system trusts the well-known one. */
async function trusted(store: string, options: object): Promise<boolean[]> {
  const program = `
    import { createFetch } from "./core/runtime/fetch.ts";
    const { fetch } = createFetch(${JSON.stringify(options)});
    const ok = (url) => fetch(url).then((answer) => answer.text()).then(() => true, () => false);
    console.log(JSON.stringify([await ok(${JSON.stringify(url(0))}), await ok(${JSON.stringify(url(1))})]));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", program],
    cwd: root,
    env: { DENO_TLS_CA_STORE: store, SSL_CERT_FILE: join(dir, "known.pem") },
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

s("with a store of authorities, they are trusted besides the one that is named, whatever is asked for", async () => {
  assert.equal(await trusted("system", { ca: [clusters.cert], onlyCa: true }), [true, true]);
});

s("as in the image, only the one that is named; for all else those named besides the well-known", async () => {
  const dockerfile = await Deno.readTextFile(join(root, "deploy", "Dockerfile"));
  const { env } = readEntrypoint(dockerfile, { app: "/app", serviceAccount: "/account" });
  const store = env.DENO_TLS_CA_STORE ?? "system";
  assert.equal(await trusted(store, { ca: [clusters.cert], onlyCa: true }), [false, true]);
  assert.equal(await trusted(store, { ca: [known.cert, clusters.cert] }), [true, true]);
  assert.equal(await trusted(store, {}), [false, false]);
});

s.run();
