import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { KubeClient } from "../../../core/kube/client.ts";
import { createFetch } from "../../../core/runtime/fetch.ts";
import { readAccess, type SourceAccess } from "./access.ts";
import { dropCondition, setCondition } from "./conditions.ts";
import { sha256 } from "./helm_storage.ts";
import { ociRevision } from "./oci_repository.ts";
import type { HelmRepository, OCIRepository, Source } from "./types.ts";

export interface SourceOptions {
  client: KubeClient;
  /** Folder for the files of Secrets. */
  dir: string;
  signal: AbortSignal;
}

/**
 * Looks a source up and sets its status as source-controller does. Nothing of a HelmRepository of type `oci`, which has none.
 * Gives whether it is there; when not, the condition `Ready` says why.
 *
 * Source: https://fluxcd.io/flux/components/source/helmrepositories/#helmrepository-status and
 * https://fluxcd.io/flux/components/source/ocirepositories/#ocirepository-status
 */
export async function reconcileSource(
  kind: "HelmRepository" | "OCIRepository",
  source: Source,
  options: SourceOptions,
) {
  if (kind === "OCIRepository") {
    return await observe(source, "OCIArtifactPullFailed", "failed to determine artifact digest", async () => {
      const access = await readAccess(options.client, source, folderOf(source, options.dir));
      const { revision, digest, size, annotations } = await ociRevision(
        source as OCIRepository,
        access,
        options.signal,
      );
      return { revision, digest, size, metadata: annotations, stored: `stored artifact for digest '${revision}'` };
    });
  }
  if ((source as HelmRepository).spec.type === "oci") return true;
  return await observe(source, "IndexationFailed", "failed to fetch Helm repository index", async () => {
    const access = await readAccess(options.client, source, folderOf(source, options.dir));
    const index = await fetchIndex(source.spec.url, access, options.signal);
    const digest = sha256(index);
    return { revision: digest, digest, size: index.length, stored: `stored artifact: revision '${digest}'` };
  });
}

export const folderOf = ({ metadata, spec }: Source, dir: string): string =>
  join(dir, "access", `${spec.url.startsWith("oci:") ? "oci" : "http"}-${metadata.namespace}-${metadata.name}`);

interface Found {
  revision: string;
  digest: string;
  size: number;
  metadata?: Record<string, string>;
  stored: string;
}

async function observe(source: Source, reason: string, what: string, look: () => Promise<Found>): Promise<boolean> {
  const status = source.status ??= {};
  try {
    const { stored, ...found } = await look();
    const { namespace, name } = source.metadata;
    const path = `${source.kind!.toLowerCase()}/${namespace}/${name}/${found.digest.split(":")[1]}`;
    const url = `http://source-controller.flux-system.svc.cluster.local./${path}`;
    if (status.artifact?.revision !== found.revision) {
      status.artifact = { ...found, path, url, lastUpdateTime: new Date().toISOString().replace(/\.\d+Z$/, "Z") };
    }
    for (const type of ["FetchFailed", "Reconciling", "Stalled"]) dropCondition(source, type);
    setCondition(source, "Ready", "True", "Succeeded", stored);
    setCondition(source, "ArtifactInStorage", "True", "Succeeded", stored);
    status.observedGeneration = source.metadata.generation;
    status.url = url;
    return true;
  } catch (error) {
    const message = `${what}: ${(error as Error).message}`;
    setCondition(source, "FetchFailed", "True", reason, message);
    setCondition(source, "Ready", "False", reason, message);
    return false;
  }
}

async function fetchIndex(url: string, access: SourceAccess, signal: AbortSignal): Promise<Uint8Array> {
  const { ca, client, user, password } = access;
  const fetcher = createFetch({
    ...(ca ? { ca: [ca.pem], onlyCa: true } : {}),
    ...(client ? { cert: client.cert, key: client.key } : {}),
  });
  try {
    const address = `${url.replace(/\/+$/, "")}/index.yaml`;
    const login: Record<string, string> = user === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
    const headers = { "user-agent": "source-controller/testbed", ...login };
    const response = await fetcher.fetch(address, { headers, signal });
    const body = new Uint8Array(await response.arrayBuffer());
    if (response.status !== 200) {
      throw new Error(`failed to fetch ${address} : ${response.status} ${response.statusText}`);
    }
    if (!Buffer.from(body).toString().includes("entries:") && !Buffer.from(body).toString().includes('"entries"')) {
      throw new Error("failed to load Helm repository index: no API version specified");
    }
    return body;
  } finally {
    fetcher.close();
  }
}
