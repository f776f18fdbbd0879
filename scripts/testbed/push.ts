import { execFile } from "node:child_process";
import { Buffer } from "node:buffer";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { assets } from "./assets.ts";
import { descriptor, type Image, type Piece, tinyImage } from "./image.ts";

export interface PushOptions {
  /** The one thing that tells images apart; the reference by default. */
  content?: string;
  /** `os/architecture`, such as `linux/arm64`. Where given, an image index is pushed. */
  platforms?: string[];
  /** In the config of each. */
  labels?: Record<string, string>;
  auth?: { user: string; password: string };
}

/**
 * Pushes a tiny image over plain http with the distribution API. Gives the digest of what the tag names.
 * Throws with the registry's answer.
 *
 * Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push
 */
export async function pushImage(
  host: string,
  repository: string,
  tag: string,
  options: PushOptions = {},
): Promise<string> {
  const image = tinyImage(options.content ?? `${repository}:${tag}`, options.platforms, options.labels);
  const base = `http://${host}/v2/${repository}`;
  const headers = authorization(options.auth);
  await Promise.all(image.blobs.map((blob) => pushBlob(base, blob, headers)));
  await Promise.all(image.manifests.map((manifest) => pushManifest(base, manifest.digest, manifest, headers)));
  await pushManifest(base, tag, image.top, headers);
  return image.top.digest;
}

/** The same image, pushed by `crane`, a client of the real world. */
export async function cranePush(
  host: string,
  repository: string,
  tag: string,
  options: PushOptions = {},
): Promise<string> {
  const image = tinyImage(options.content ?? `${repository}:${tag}`, options.platforms, options.labels);
  const crane = join(await assets(() => {}, ["crane"]), "crane");
  const dir = await mkdtemp(join(tmpdir(), "headwind-push-"));
  try {
    await writeLayout(join(dir, "image"), image);
    const auths = options.auth ? { [host]: { auth: basic(options.auth) } } : {};
    await writeFile(join(dir, "config.json"), JSON.stringify({ auths }));
    const args = ["push", join(dir, "image"), `${host}/${repository}:${tag}`];
    await promisify(execFile)(crane, args, { env: { ...process.env, DOCKER_CONFIG: dir } });
    return image.top.digest;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function pushBlob(base: string, blob: Piece, headers: Record<string, string>): Promise<void> {
  const started = await expect(fetch(`${base}/blobs/uploads/`, { method: "POST", headers }), 202);
  const upload = new URL(started.headers.get("location") ?? "", base);
  upload.searchParams.set("digest", blob.digest);
  const type = { "content-type": "application/octet-stream" };
  await expect(fetch(upload, { method: "PUT", headers: { ...headers, ...type }, body: bodyOf(blob) }), 201);
}

async function pushManifest(base: string, name: string, manifest: Piece, headers: Record<string, string>) {
  const type = { "content-type": manifest.mediaType };
  const url = `${base}/manifests/${name}`;
  await expect(fetch(url, { method: "PUT", headers: { ...headers, ...type }, body: bodyOf(manifest) }), 201);
}

async function expect(answer: Promise<Response>, status: number): Promise<Response> {
  const response = await answer;
  const text = await response.text();
  if (response.status !== status) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return response;
}

/** An OCI image layout: https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md */
async function writeLayout(dir: string, image: Image): Promise<void> {
  const blobs = join(dir, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  for (const { digest, bytes } of [...image.blobs, ...image.manifests, image.top]) {
    await writeFile(join(blobs, digest.slice("sha256:".length)), bytes);
  }
  const index = { schemaVersion: 2, manifests: [descriptor(image.top)] };
  await writeFile(join(dir, "index.json"), JSON.stringify(index));
  await writeFile(join(dir, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

const bodyOf = ({ bytes }: Piece): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
const basic = ({ user, password }: { user: string; password: string }) =>
  Buffer.from(`${user}:${password}`).toString("base64");
const authorization = (auth: PushOptions["auth"]): Record<string, string> =>
  auth ? { authorization: `Basic ${basic(auth)}` } : {};
