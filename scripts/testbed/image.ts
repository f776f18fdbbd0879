import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";

/** A piece of an image as a registry stores it. */
export interface Piece {
  digest: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** A tiny image: its blobs, the manifests below the top one, and the manifest (or index) that a tag names. */
export interface Image {
  blobs: Piece[];
  manifests: Piece[];
  top: Piece;
}

const types = {
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
};

/**
 * An OCI image with one file, `/content`. The same content and platforms (`os/architecture`, such as `linux/arm64`)
 * always give the same digest. With `platforms` the top is an image index, even for one.
 *
 * Source: https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md
 */
export function tinyImage(content: string, platforms?: string[], labels?: Record<string, string>): Image {
  const layer = piece(types.layer, tar("content", new TextEncoder().encode(content)));
  const built = (platforms ?? ["linux/amd64"]).map((platform) => onePlatform(layer, platform, labels));
  const blobs = [layer, ...built.map(({ config }) => config)];
  if (!platforms) return { blobs, manifests: [], top: built[0]!.manifest };
  const manifests = built.map(({ manifest }) => manifest);
  const entries = built.map(({ manifest, platform }) => ({ ...descriptor(manifest), platform }));
  return { blobs, manifests, top: json(types.index, { schemaVersion: 2, mediaType: types.index, manifests: entries }) };
}

/** How one piece refers to another. */
export function descriptor({ mediaType, digest, bytes }: Piece): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest, size: bytes.length };
}

function onePlatform(layer: Piece, name: string, labels?: Record<string, string>) {
  const [os = "linux", architecture = "amd64"] = name.split("/");
  const platform = { architecture, os };
  const config = json(types.config, {
    ...platform,
    config: { Entrypoint: ["/content"], ...(labels ? { Labels: labels } : {}) },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
    history: [{ created: "1970-01-01T00:00:00Z", created_by: "headwind test bed" }],
  });
  const manifest = json(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptor(config),
    layers: [descriptor(layer)],
  });
  return { platform, config, manifest };
}

function json(mediaType: string, value: unknown): Piece {
  return piece(mediaType, new TextEncoder().encode(JSON.stringify(value)));
}

function piece(mediaType: string, bytes: Uint8Array): Piece {
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, mediaType, bytes };
}

/** A tar archive (ustar) of one file, owned by root, of 1970. */
function tar(name: string, content: Uint8Array): Uint8Array {
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, "0") + "\0";
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(octal(0o755, 8) + octal(0, 8) + octal(0, 8) + octal(content.length, 12) + octal(0, 12), 100);
  header.write(" ".repeat(8) + "0", 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, "0") + "\0 ", 148);
  const padding = Buffer.alloc((512 - content.length % 512) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
