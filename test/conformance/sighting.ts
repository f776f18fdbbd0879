import * as assert from "uvu/assert";
import { isDigest, isTag, parseRepository } from "../../core/versions/reference.ts";
import type { Sighting } from "../../core/plugin.ts";

/** Throws where a sighting is not of the form that the contract says. Names may still be against the grammar. */
export function assertForm({ artifact, versions, via, complete }: Sighting): void {
  assert.ok(artifact.type === "image" || artifact.type === "chart", `artifact.type is ${artifact.type}`);
  assert.type(artifact.repository, "string");
  assert.ok(Array.isArray(versions), "versions is a list");
  for (const { tag, digest } of versions) {
    assert.type(tag, "string");
    if (digest !== undefined) assert.type(digest, "string");
  }
  assert.ok(via === "webhook" || via === "polling", `via is ${via}`);
  assert.type(complete, "boolean");
}

/** Throws where a name in a sighting is against the grammar, or a repository's is not the canonical one. */
export function assertGrammar({ artifact, versions }: Sighting): void {
  assert.is(
    artifact.repository,
    parseRepository(artifact.repository),
    "the canonical name of the repository is wanted",
  );
  for (const { tag, digest } of versions) {
    if (artifact.type === "image") assert.ok(isTag(tag), `${JSON.stringify(tag)} is no tag`);
    if (digest !== undefined) assert.ok(isDigest(digest), `${JSON.stringify(digest)} is no digest`);
  }
}

/** A sighting in short: `docker.io/library/nginx:1.27` for each version, with `@sha256:…` and `chart ` where they are. */
export function inShort({ artifact, versions }: Sighting): string[] {
  const kind = artifact.type === "chart" ? "chart " : "";
  return versions.map(({ tag, digest }) => `${kind}${artifact.repository}:${tag}${digest ? `@${digest}` : ""}`);
}
