import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { rcompare, satisfies, valid, validRange } from "semver";
import { assets } from "../assets.ts";
import type { SourceAccess } from "./access.ts";
import type { OCIRepository } from "./types.ts";

/** What an OCIRepository's `ref` stands for now. */
export interface OciRevision {
  /** `tag@sha256:…`, or the digest alone where that was asked for. */
  revision: string;
  digest: string;
  /** Size of the manifest's first layer, and what the artifact's annotations say. */
  size: number;
  annotations: Record<string, string>;
}

/**
 * Asks the registry. A digest comes before a range, and that before a tag; `latest` where nothing is said. Rejects with what the
 * registry answered.
 *
 * Source: https://fluxcd.io/flux/components/source/ocirepositories/#reference
 */
export async function ociRevision(
  source: OCIRepository,
  access: SourceAccess,
  signal: AbortSignal,
): Promise<OciRevision> {
  const { url, insecure, ref = {} } = source.spec;
  const repository = url.slice("oci://".length);
  const crane = (...args: string[]) => run([...args, ...(insecure ? ["--insecure"] : [])], access, signal);
  const tag = ref.digest
    ? undefined
    : ref.semver
    ? highest(await crane("ls", repository), ref.semver, ref.semverFilter)
    : ref.tag ?? "latest";
  const name = tag === undefined ? `${repository}@${ref.digest}` : `${repository}:${tag}`;
  const digest = ref.digest ?? (await crane("digest", name)).trim();
  const manifest = JSON.parse(await crane("manifest", `${repository}@${digest}`));
  return {
    revision: tag === undefined ? digest : `${tag}@${digest}`,
    digest,
    size: manifest.layers?.[0]?.size ?? 0,
    annotations: manifest.annotations ?? {},
  };
}

function highest(list: string, range: string, filter: string | undefined): string {
  const constraint = validRange(range);
  if (constraint === null) throw new Error(`semver '${range}' parse error: improper constraint: ${range}`);
  const pattern = filter ? new RegExp(filter) : undefined;
  const [tag] = list.split("\n")
    .filter((tag) => valid(tag) && (!pattern || pattern.test(tag)) && satisfies(tag, constraint))
    .sort(rcompare);
  if (tag === undefined) throw new Error(`no match found for semver: ${range}`);
  return tag;
}

async function run(args: string[], access: SourceAccess, signal: AbortSignal): Promise<string> {
  const command = join(await assets(() => {}, ["crane"]), "crane");
  const docker = access.dockerConfig ?? "/nonexistent";
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: docker,
    DOCKER_CONFIG: docker,
    ...(access.ca ? { SSL_CERT_FILE: access.ca.file } : {}),
  };
  return await new Promise((resolve, reject) => {
    execFile(command, args, { env, signal, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim().replace(/^Error: /, "") || error.message));
      else resolve(stdout);
    });
  });
}
