import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { helm } from "../charts/helm.ts";
import { goDuration, parseDuration } from "./durations.ts";
import type { HelmRelease, Snapshot } from "./types.ts";

export type Action = "install" | "upgrade" | "rollback" | "uninstall";

/** A chart on disk. */
export interface Chart {
  /** Folder with `Chart.yaml`. */
  path: string;
  name: string;
  /** As Flux calls it: of an OCIRepository with twelve digits of the digest behind a `+`. */
  version: string;
  /** Of the artifact, of an OCIRepository alone. */
  ociDigest?: string;
}

export interface ActionPlace {
  kubeconfig: string;
  /** Folder for Helm's cache and for values. */
  home: string;
  signal: AbortSignal;
}

export const releaseNamespace = ({ metadata, spec }: HelmRelease): string => spec.targetNamespace ?? metadata.namespace;

export const releaseName = ({ metadata, spec }: HelmRelease): string =>
  spec.releaseName ?? (spec.targetNamespace ? `${spec.targetNamespace}-${metadata.name}` : metadata.name);

/** As Flux prints it, such as `5m0s`: the action's own, else the release's. */
export function timeoutOf({ spec }: HelmRelease, action: Action): string {
  const own = action === "uninstall" ? undefined : spec[action]?.timeout;
  return goDuration(parseDuration(own ?? spec.timeout ?? "5m"));
}

/** Runs Helm. Throws with its sentence, as Helm's library would give it to Flux. */
export async function runAction(
  action: Action,
  release: HelmRelease,
  chart: Chart | undefined,
  target: Snapshot | undefined,
  place: ActionPlace,
): Promise<void> {
  const { kubeconfig, home, signal } = place;
  const values = await mkdtemp(join(home, "values-"));
  try {
    const file = join(values, "values.json");
    await writeFile(file, JSON.stringify(release.spec.values ?? {}));
    const args = argumentsOf(action, release, chart, target, file);
    await helm([...args, "--namespace", releaseNamespace(release)], { kubeconfig, home, signal });
  } catch (error) {
    throw new Error((error as Error).message.replace(/^((UPGRADE|INSTALLATION|ROLLBACK) FAILED: )+/, ""));
  } finally {
    await rm(values, { recursive: true, force: true });
  }
}

function argumentsOf(
  action: Action,
  release: HelmRelease,
  chart: Chart | undefined,
  target: Snapshot | undefined,
  values: string,
): string[] {
  const { install = {}, upgrade = {}, rollback = {}, maxHistory = 5 } = release.spec;
  const name = releaseName(release);
  const wait = (disabled?: boolean) => disabled ? [] : ["--wait"];
  const common = ["--timeout", timeoutOf(release, action)];
  if (action === "rollback") {
    const history = ["--history-max", `${maxHistory}`];
    return ["rollback", name, `${target!.version}`, ...wait(rollback.disableWait), ...common, ...history];
  }
  if (action === "uninstall") return ["uninstall", name, "--wait", ...common, "--ignore-not-found"];
  const own = action === "install"
    ? [...wait(install.disableWait), ...(install.createNamespace ? ["--create-namespace"] : [])]
    : [
      ...wait(upgrade.disableWait),
      ...(upgrade.force ? ["--force-replace"] : []),
      ...(upgrade.cleanupOnFail ? ["--cleanup-on-fail"] : []),
    ];
  const history = ["--history-max", `${maxHistory}`];
  return ["upgrade", "--install", name, chart!.path, "--values", values, ...own, ...common, ...history];
}
