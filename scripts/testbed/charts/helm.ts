import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { assets } from "../assets.ts";

export interface HelmOptions {
  /** Folder for Helm's own cache, configuration and data, so that nothing of the machine's user is read or written. */
  home: string;
  kubeconfig?: string;
  /** Ends the process when it is aborted. */
  signal?: AbortSignal;
}

/** What a run of Helm wrote. */
export interface HelmOutput {
  stdout: string;
  stderr: string;
}

/** Runs the test bed's `helm`. Throws with its own sentence, without the leading `Error: `. */
export async function helm(args: string[], { home, kubeconfig, signal }: HelmOptions): Promise<HelmOutput> {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    HELM_CACHE_HOME: join(home, "cache"),
    HELM_CONFIG_HOME: join(home, "config"),
    HELM_DATA_HOME: join(home, "data"),
    ...(kubeconfig ? { KUBECONFIG: kubeconfig } : {}),
  };
  const command = join(await assets(() => {}, ["helm"]), "helm");
  const limits = { env, maxBuffer: 64 * 1024 * 1024, ...(signal ? { signal } : {}) };
  return await new Promise((resolve, reject) => {
    execFile(command, args, limits, (error, stdout, stderr) => {
      if (error) reject(new Error(sentence(stderr) || error.message));
      else resolve({ stdout, stderr });
    });
  });
}

/** Helm writes its log and its warnings before the line that says why it failed. */
function sentence(stderr: string): string {
  const at = stderr.lastIndexOf("Error: ");
  return (at < 0 ? stderr : stderr.slice(at + "Error: ".length)).trim();
}
