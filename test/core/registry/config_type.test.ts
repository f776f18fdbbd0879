import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RegistryRequestEvent } from "../../../core/registry/registry_client.ts";
import { failure, type FaultyServer, fixtures } from "./faulty_server.ts";

const s = suite("registry client, the kind of an artifact");

const { serve, client, stop } = fixtures();
s.after.each(stop);

const at = ({ host }: FaultyServer) => ({ registry: host, repository: "charts/nginx" });
const type = "application/vnd.cncf.helm.config.v1+json";

s("by one GET of the manifest, for a tag or a digest", async () => {
  const events: RegistryRequestEvent[] = [];
  const server = await serve(() => ({ body: { schemaVersion: 2, config: { mediaType: type } } }));
  const one = client({ onRequest: ({ headers: _, ...event }) => events.push(event) });
  const digest = `sha256:${"a".repeat(64)}`;
  assert.equal([await one.configType(at(server), "1.0.0"), await one.configType(at(server), digest)], [type, type]);
  assert.equal(server.asked.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`), [
    "GET /v2/charts/nginx/manifests/1.0.0",
    `GET /v2/charts/nginx/manifests/${digest}`,
  ]);
  assert.match(server.asked[0]!.headers.accept ?? "", "application/vnd.oci.image.manifest.v1+json");
  assert.equal(events[0], { host: server.host, method: "GET", status: 200, kind: "manifest", who: "" });
});

s("an index and a manifest that tells none have an empty one, a missing tag has none", async () => {
  for (
    const body of [{ schemaVersion: 2, manifests: [] }, { schemaVersion: 2, config: null }, {
      schemaVersion: 2,
      config: { mediaType: 1 },
    }]
  ) {
    const server = await serve(() => ({ body }));
    assert.is(await client().configType(at(server), "1.0.0"), "");
  }
  const server = await serve(() => ({ status: 404 }));
  assert.is(await client().configType(at(server), "1.0.0"), undefined);
});

s("what is no manifest, and what may not be read", async () => {
  for (const body of ["<html>", "null", "[]", { schemaVersion: 1 }]) {
    const server = await serve(() => ({ body }));
    assert.is((await failure(client().configType(at(server), "1.0.0"))).kind, "garbage");
  }
  const server = await serve(() => ({ status: 403 }));
  const error = await failure(client().configType(at(server), "1.0.0"));
  assert.is(error.kind, "unauthorized");
  assert.match(error.message, `${server.host}/charts/nginx:1.0.0`);
});

s.run();
