import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { helm } from "../charts/helm.ts";
import type { SourceAccess } from "./access.ts";
import type { Chart } from "./actions.ts";

export interface PullOptions {
  /** `oci://…/name`, or a chart's name with `repository`. */
  chart: string;
  /** Address of a Helm repository. */
  repository?: string;
  /** A version or a range: Helm finds the highest. */
  version?: string;
  plainHttp?: boolean;
  passCredentials?: boolean;
  access: SourceAccess;
  /** Folder for Helm's cache. */
  home: string;
  signal: AbortSignal;
}

/** Pulls a chart by the real `helm pull` into a fresh folder under `home`. Throws with Helm's sentence. */
export async function pullChart(options: PullOptions): Promise<Chart> {
  const { chart, repository, version, access, home, signal } = options;
  const charts = join(home, "charts");
  await mkdir(charts, { recursive: true });
  const folder = await mkdtemp(join(charts, "chart-"));
  const args = [
    ...["pull", chart, "--untar", "--untardir", folder, "--destination", folder],
    ...(repository ? ["--repo", repository] : []),
    ...(version ? ["--version", version] : []),
    ...(options.plainHttp ? ["--plain-http"] : []),
    ...(options.passCredentials ? ["--pass-credentials"] : []),
    ...(access.user !== undefined ? ["--username", access.user, "--password", access.password!] : []),
    ...(access.ca ? ["--ca-file", access.ca.file] : []),
    ...(access.client ? ["--cert-file", access.client.certFile, "--key-file", access.client.keyFile] : []),
    ...(access.dockerConfig ? ["--registry-config", join(access.dockerConfig, "config.json")] : []),
  ];
  try {
    await helm(args, { home, signal });
    return await readChart(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function readChart(folder: string): Promise<Chart> {
  for (const { name, isDirectory } of await entries(folder)) {
    if (!isDirectory) continue;
    const path = join(folder, name);
    const { name: chart, version } = load(await readFile(join(path, "Chart.yaml"), "utf8")) as {
      name: string;
      version: string;
    };
    return { path, name: chart, version };
  }
  throw new Error("helm pull left no chart");
}

const entries = async (folder: string) =>
  (await readdir(folder, { withFileTypes: true })).map((entry) => ({
    name: entry.name,
    isDirectory: entry.isDirectory(),
  }));

/**
 * The chart under the version that Flux gives to one of an OCIRepository: its own, the metadata replaced by the first twelve
 * digits of the artifact's digest.
 *
 * Source: `mutateChartWithSourceRevision` of https://github.com/fluxcd/helm-controller/blob/main/internal/controller/helmrelease_controller.go
 */
export async function withDigest(chart: Chart, digest: string): Promise<Chart> {
  const file = join(chart.path, "Chart.yaml");
  const version = `${chart.version.split("+")[0]}+${digest.split(":")[1]!.slice(0, 12)}`;
  await writeFile(file, dump({ ...load(await readFile(file, "utf8")) as object, version }));
  return { ...chart, version, ociDigest: digest };
}
