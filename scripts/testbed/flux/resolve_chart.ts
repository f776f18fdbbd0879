import { join } from "node:path";
import { eq, valid } from "semver";
import type { KubeClient } from "../../../core/kube/client.ts";
import { isNotFound } from "../../../core/kube/kube_error.ts";
import { resourcePath } from "../../../core/kube/paths.ts";
import { readAccess } from "./access.ts";
import type { Chart } from "./actions.ts";
import { getCondition } from "./conditions.ts";
import { NotReady } from "./not_ready.ts";
import { pullChart, withDigest } from "./pull_chart.ts";
import { folderOf } from "./sources.ts";
import { type HelmRelease, type HelmRepository, type OCIRepository, resources, type Source } from "./types.ts";

export interface ResolveOptions {
  client: KubeClient;
  /** Folder for charts, caches and the files of Secrets. */
  dir: string;
  signal: AbortSignal;
}

/**
 * Gets the chart that a release asks for. Throws `NotReady`, with Flux's words, where there is none: a HelmChart, which is what
 * Flux makes between release and repository, is not stored here, but its messages are.
 */
export async function resolveChart(release: HelmRelease, options: ResolveOptions): Promise<Chart> {
  const { chartRef } = release.spec;
  if (!chartRef) return await fromRepository(release, options);
  if (chartRef.kind !== "OCIRepository") {
    throw new NotReady(
      "ArtifactFailed",
      `could not get Source object: a ${chartRef.kind} is not known to this stand-in`,
    );
  }
  return await fromOciRepository(release, options);
}

/** `namespace/name` of the source that a release is made from, with its kind. */
export function sourceOf({ metadata, spec }: HelmRelease): { kind: string; key: string } {
  const { kind, name, namespace = metadata.namespace } = spec.chartRef ?? spec.chart!.spec.sourceRef;
  return { kind, key: `${namespace}/${name}` };
}

/** `namespace/name` of the HelmChart that Flux would make for a release. */
export function helmChartOf(release: HelmRelease): string {
  const { namespace, name } = release.metadata;
  return `${sourceOf(release).key.split("/")[0]}/${namespace}-${name}`;
}

async function fromRepository(release: HelmRelease, options: ResolveOptions): Promise<Chart> {
  const { chart, version = "*", sourceRef } = release.spec.chart!.spec;
  const notReady = (why: string) =>
    new NotReady("SourceNotReady", `HelmChart '${helmChartOf(release)}' is not ready: ${why}`);
  if (sourceRef.kind !== "HelmRepository") throw notReady(`a ${sourceRef.kind} is not known to this stand-in`);
  const repository = await get<HelmRepository>(release, "HelmRepository", options.client);
  if (!repository) throw notReady(`failed to get source: ${missing("HelmRepository", sourceRef.name)}`);
  const { type, url, insecure = false, passCredentials = false } = repository.spec;
  if (type !== "oci" && !repository.status?.artifact) {
    throw notReady(`no artifact available for HelmRepository source '${sourceRef.name}'`);
  }
  const { client, dir, signal } = options;
  try {
    const access = await readAccess(client, repository, folderOf(repository, dir));
    const where = type === "oci"
      ? { chart: `${url.replace(/\/+$/, "")}/${chart}`, plainHttp: insecure }
      : { chart, repository: url, passCredentials };
    return await pullChart({ ...where, version, access, home: join(dir, "helm"), signal });
  } catch (error) {
    signal.throwIfAborted();
    throw notReady(
      `invalid chart reference: failed to get chart version for remote reference: ${said(error, release)}`,
    );
  }
}

/** Helm's library, which Flux uses, words it otherwise than its command. */
function said(error: unknown, release: HelmRelease): string {
  const { chart, version = "*" } = release.spec.chart!.spec;
  const text = (error as Error).message;
  return / not found in .* repository$/.test(text)
    ? `no '${chart}' chart with version matching '${version}' found`
    : text;
}

async function fromOciRepository(release: HelmRelease, { client, dir, signal }: ResolveOptions): Promise<Chart> {
  const { name } = release.spec.chartRef!;
  const source = await get<OCIRepository>(release, "OCIRepository", client);
  if (!source) throw new NotReady("ArtifactFailed", `could not get Source object: ${missing("OCIRepository", name)}`);
  const { metadata, status, spec } = source;
  const notReady = (why: string) =>
    new NotReady("SourceNotReady", `OCIRepository '${metadata.namespace}/${metadata.name}' is not ready: ${why}`);
  if (status?.observedGeneration !== metadata.generation) {
    const ready = getCondition(source, "Ready");
    throw notReady(ready?.status === "False" ? ready.message : "latest generation of object has not been reconciled");
  }
  if (!status.artifact) throw notReady("does not have an artifact");
  try {
    const { revision } = status.artifact;
    const digest = revision.slice(revision.indexOf("@") + 1);
    const access = await readAccess(client, source, folderOf(source, dir));
    const chart = `${spec.url}@${digest}`;
    const pulled = await pullChart({
      chart,
      plainHttp: spec.insecure ?? false,
      access,
      home: join(dir, "helm"),
      signal,
    });
    if (revision.includes("@")) checkTag(revision.split("@")[0]!, pulled.version);
    return await withDigest(pulled, digest);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NotReady) throw error;
    throw new NotReady("ArtifactFailed", `could not load chart: ${(error as Error).message}`);
  }
}

/** A tag that is no version, or not the chart's, is refused; what stands behind a `+` does not count. */
function checkTag(tag: string, version: string): void {
  const converted = tag.replaceAll("_", "+");
  if (!valid(converted)) throw new NotReady("ChartMutateError", `failed parsing artifact revision ${converted}`);
  if (eq(converted, version)) return;
  throw new NotReady("ChartMutateError", `artifact revision ${tag} does not match chart version ${version}`);
}

/** As a client says it that reads from its cache, by the kind. */
const missing = (kind: string, name: string) => `${kind}.source.toolkit.fluxcd.io "${name}" not found`;

async function get<T extends Source>(
  release: HelmRelease,
  kind: "HelmRepository" | "OCIRepository",
  client: KubeClient,
): Promise<T | undefined> {
  const [namespace, name] = sourceOf(release).key.split("/");
  try {
    return await client.request<T>("GET", resourcePath(resources[kind], namespace, name));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
