import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { dump } from "js-yaml";
import type { KubeClient } from "../../../core/kube/client.ts";
import { resourcePath } from "../../../core/kube/paths.ts";
import type { Snapshot } from "./types.ts";

interface StoredRelease {
  name: string;
  namespace: string;
  version: number;
  info: { status: string; first_deployed: string; last_deployed: string; deleted?: string };
  chart: { metadata: { name: string; version: string; appVersion?: string } };
  config?: Record<string, unknown>;
}

const secrets = { group: "", version: "v1", plural: "secrets" };

/**
 * All revisions of a release in Helm's storage, newest first.
 *
 * Source of the format (a Secret of type `helm.sh/release.v1` per revision, in it JSON, packed by gzip, in base64):
 * https://github.com/helm/helm/blob/main/pkg/storage/driver/secrets.go
 */
export async function storedReleases(client: KubeClient, namespace: string, name: string): Promise<Snapshot[]> {
  const query = { labelSelector: `owner=helm,name=${name}` };
  const path = resourcePath(secrets, namespace);
  const { items } = await client.request<{ items: { data: { release: string } }[] }>("GET", path, { query });
  return items.map(({ data }) => snapshotOf(data.release)).sort((a, b) => b.version - a.version);
}

/** Takes a revision out of Helm's storage, with which a killed Helm left the release locked. */
export async function forgetRelease(client: KubeClient, { namespace, name, version }: Snapshot): Promise<void> {
  await client.request("DELETE", resourcePath(secrets, namespace, `sh.helm.release.v1.${name}.v${version}`));
}

/** The digest of a release's values, of no matter what order. */
export function digestOfValues(values: Record<string, unknown> = {}): string {
  return sha256(Object.keys(values).length === 0 ? "" : dump(values, { sortKeys: true }));
}

export const sha256 = (data: string | Uint8Array): string =>
  `sha256:${createHash("sha256").update(data).digest("hex")}`;

function snapshotOf(data: string): Snapshot {
  const json = gunzipSync(Buffer.from(Buffer.from(data, "base64").toString(), "base64"));
  const { name, namespace, version, info, chart, config } = JSON.parse(json.toString()) as StoredRelease;
  const { metadata } = chart;
  // Helm writes the zero time for what has not happened
  const deleted = info.deleted && !info.deleted.startsWith("0001-") ? { deleted: seconds(info.deleted) } : {};
  return {
    digest: sha256(json),
    name,
    namespace,
    version,
    status: info.status,
    chartName: metadata.name,
    chartVersion: metadata.version,
    ...(metadata.appVersion ? { appVersion: metadata.appVersion } : {}),
    configDigest: digestOfValues(config),
    firstDeployed: seconds(info.first_deployed),
    lastDeployed: seconds(info.last_deployed),
    ...deleted,
  };
}

const seconds = (time: string) => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
