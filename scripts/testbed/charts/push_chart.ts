import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helm } from "./helm.ts";

export interface PushChartOptions {
  /** Path in the registry under which the chart's name stands. Default `charts`; empty for the registry's root. */
  path?: string;
  auth?: { user: string; password: string };
  /** PEM file of the registry's authority. With it the push goes by https, else by plain http. */
  ca?: string;
}

/** A chart in an OCI registry. */
export interface PushedChart {
  /** `127.0.0.1:5000/charts/nginx`, as in a reference. */
  repository: string;
  /** The chart's version, its `+` written as `_`. */
  tag: string;
  /** Of the manifest that the tag names. */
  digest: string;
}

/**
 * Pushes a chart's archive by the real `helm push` to the registry at `host` (`127.0.0.1:port`). Throws with Helm's sentence.
 *
 * Source of the tag's form: https://helm.sh/docs/topics/registries/
 */
export async function pushChart(archive: string, host: string, options: PushChartOptions = {}): Promise<PushedChart> {
  const { path = "charts", auth, ca } = options;
  const home = await mkdtemp(join(tmpdir(), "headwind-helm-push-"));
  const target = `oci://${host}${path === "" ? "" : `/${path}`}`;
  const login = auth ? ["--username", auth.user, "--password", auth.password] : [];
  try {
    const wire = ca ? ["--ca-file", ca] : ["--plain-http"];
    const { stdout, stderr } = await helm(["push", archive, target, ...wire, ...login], { home });
    return readPushed(stdout + stderr);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function readPushed(text: string): PushedChart {
  const [, repository, tag] = /^Pushed: (\S+):([^:\s]+)$/m.exec(text) ?? [];
  const [, digest] = /^Digest: (\S+)$/m.exec(text) ?? [];
  if (!repository || !tag || !digest) throw new Error(`helm push did not say what it pushed: ${text}`);
  return { repository, tag, digest };
}
