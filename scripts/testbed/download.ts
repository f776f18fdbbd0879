import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { versions } from "./versions.ts";

/** The binaries that an envtest archive holds. */
export const envtestNames = ["etcd", "kube-apiserver", "kubectl"];

/**
 * Fetches the envtest release archive, checks its SHA-512 and unpacks it to `folder` (left alone if it is there).
 * Throws when the archive cannot be had: the caller then builds.
 *
 * Source: https://github.com/kubernetes-sigs/controller-tools/blob/main/envtest-releases.yaml
 */
export async function downloadEnvtest(folder: string): Promise<void> {
  const name = `envtest-v${versions.envtest}-${platform()}-${arch() === "x64" ? "amd64" : arch()}.tar.gz`;
  const base = "https://github.com/kubernetes-sigs/controller-tools/releases/download";
  const url = `${base}/envtest-v${versions.envtest}/${name}`;
  const archive = new Uint8Array(await (await fetched(url)).arrayBuffer());
  const wanted = (await (await fetched(`${url}.sha512`)).text()).trim().split(/\s+/)[0];
  const got = createHash("sha512").update(archive).digest("hex");
  if (got !== wanted) throw new Error(`${url} has SHA-512 ${got}, its release says ${wanted}`);
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.`);
  try {
    await writeFile(join(work, "archive.tar.gz"), archive);
    await untar(work);
    await rename(join(work, "controller-tools", "envtest"), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(300_000) }).catch((error: Error) => {
    throw new Error(`${url}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

function untar(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("tar", ["-xzf", "archive.tar.gz"], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) => code === 0 ? resolve() : reject(new Error(`tar failed with ${code}`)));
  });
}
