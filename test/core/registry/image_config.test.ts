import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failure, type FaultyServer, fixtures } from "./faulty_server.ts";

const s = suite("registry client, where an image comes from");

const { serve, client, stop } = fixtures();
s.after.each(stop);

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const at = ({ host }: FaultyServer) => ({ registry: host, repository: "team/web" });
const label = (name: string) => `org.opencontainers.image.${name}`;

/** A registry that has these documents, by the end of their path. */
const having = (documents: Record<string, unknown>) =>
  serve(({ path }) => {
    const body = documents[decodeURIComponent(path).split("/").at(-1)!];
    return body === undefined ? { status: 404 } : { body: body as object };
  });

s("by the labels of its config, in two requests", async () => {
  const server = await having({
    [digest("a")]: { schemaVersion: 2, config: { digest: digest("c") } },
    [digest("c")]: {
      created: "2026-01-02T03:04:05Z",
      config: { Labels: { [label("source")]: "https://git.example/team/web", [label("revision")]: "abc123" } },
    },
  });
  assert.equal(await client().origin(at(server), digest("a")), {
    source: "https://git.example/team/web",
    revision: "abc123",
    created: "2026-01-02T03:04:05Z",
  });
  assert.equal(server.asked.map(({ path }) => decodeURIComponent(path)), [
    `/v2/team/web/manifests/${digest("a")}`,
    `/v2/team/web/blobs/${digest("c")}`,
  ]);
});

s("of an index the manifest for linux/amd64 is read, and no attestation; annotations come before labels", async () => {
  const platform = (os: string, architecture: string) => ({ platform: { os, architecture } });
  const server = await having({
    [digest("a")]: {
      schemaVersion: 2,
      annotations: { [label("revision")]: "of the index" },
      manifests: [
        { digest: digest("d"), ...platform("unknown", "unknown") },
        { digest: digest("e"), ...platform("linux", "arm64") },
        { digest: digest("b"), ...platform("linux", "amd64") },
      ],
    },
    [digest("b")]: {
      schemaVersion: 2,
      annotations: { [label("source")]: "of the manifest" },
      config: { digest: digest("c") },
    },
    [digest("c")]: { config: { Labels: { [label("source")]: "of the config", [label("created")]: "then" } } },
  });
  assert.equal(await client().origin(at(server), digest("a")), {
    source: "of the manifest",
    revision: "of the index",
    created: "then",
  });
});

s("one that says nothing, or what is no text, or too long a one, comes from nowhere", async () => {
  const server = await having({
    [digest("a")]: { schemaVersion: 2, annotations: { [label("source")]: 7 }, config: { digest: digest("c") } },
    [digest("c")]: { created: null, config: { Labels: { [label("revision")]: "x".repeat(1025) } } },
    [digest("b")]: { schemaVersion: 2, annotations: null, config: { digest: "../../etc" } },
  });
  assert.equal(await client().origin(at(server), digest("a")), {});
  assert.equal(await client().origin(at(server), digest("b")), {});
  assert.is(await client().origin(at(server), digest("f")), undefined);
});

s("an answer that is none is an error", async () => {
  for (const body of ["<html>", "[]", "null"]) {
    const server = await serve(() => ({ body }));
    assert.is((await failure(client().origin(at(server), digest("a")))).kind, "garbage");
  }
});

s.run();
