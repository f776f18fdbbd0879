import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { connect } from "node:net";
import { arch, platform } from "node:os";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { locked } from "./lock.ts";
import { versions } from "./versions.ts";

/** The programs that an envtest archive holds. */
export const envtestNames = ["etcd", "kube-apiserver", "kubectl"] as const;

/** An archive, and the SHA-512 that it has to have, in hexadecimal. */
export interface Archive {
  url: string;
  sha512: string;
}

/**
 * The digests of the archives of `versions.envtest`, by system and processor, as the release itself says them.
 *
 * Source: https://github.com/kubernetes-sigs/controller-tools/blob/main/envtest-releases.yaml
 */
const digests: Record<string, string> = {
  "linux-amd64":
    "1d1c453633b72c161a5d5a886cde7ac850be1a2ac796a9e1d4ffacacc64868295bdd2d57aa66cd0c158f5ce510f5dfe3fbc61ac21bd3dcfb875bd70658aa663a",
  "linux-arm64":
    "ae6a670502988200b0131c943758cfd3d3a58cf4e6247ef7f0e6a6467f1cd9a333c802e86101f0446b1b92a0e327387224e1e44fe1a4693da0929c6e529cfe9a",
  "darwin-amd64":
    "19a2a5376a8aa57a7b25ec5198834db29bf2ba0d6ff572d7f45ba683b13fb14c3ebec8069e92db66c39f1c7a9cff1bc2be879e2aacdc9fa8b8a7e861959bdf7b",
  "darwin-arm64":
    "fb38cfacdd71b5e97a4d4cceac861af5f55069cf783f0e49cf181bfc32eb3e557c2091a534dc5d38f1b92c5ba142bc1979f215a5385b3630ea6a661be6fa161b",
};

/** The archive for this machine. Undefined where there is none whose digest is known here. */
export function archiveOf(system = `${platform()}-${arch() === "x64" ? "amd64" : arch()}`): Archive | undefined {
  const sha512 = digests[system];
  if (!sha512) return undefined;
  const release = `envtest-v${versions.envtest}`;
  const url =
    `https://github.com/kubernetes-sigs/controller-tools/releases/download/${release}/${release}-${system}.tar.gz`;
  return { url, sha512 };
}

/** How long each part of a download may take, in milliseconds. */
export interface Patience {
  /** @default 2000 */
  connectMs: number;
  /** From the connection to the head of the answer, with all redirections. @default 10000 */
  headMs: number;
  /** Between two pieces of the archive. @default 15000 */
  silenceMs: number;
  /** @default 300000 */
  wholeMs: number;
}

const patience: Patience = { connectMs: 2_000, headMs: 10_000, silenceMs: 15_000, wholeMs: 300_000 };

export interface EnvtestOptions {
  /** @default the archive for this machine */
  archive?: Archive | undefined;
  patience?: Partial<Patience>;
  env?: Record<string, string | undefined>;
}

/** Whether the archive may be used: not in CI, and not with `HEADWIND_TESTBED_DOWNLOAD=0`. */
const isAllowed = (env: Record<string, string | undefined>) => !env.CI && env.HEADWIND_TESTBED_DOWNLOAD !== "0";

/**
 * The folder below `cache` with the programs of the envtest archive, which is downloaded once. Undefined where it is not to be
 * used, and where it cannot be had, which `progress` is told: they are to be built then.
 */
export async function envtest(
  cache: string,
  progress: (line: string) => void,
  { archive = archiveOf(), patience: given = {}, env = process.env }: EnvtestOptions = {},
): Promise<string | undefined> {
  if (!archive || !isAllowed(env)) return undefined;
  const folder = join(cache, `envtest-${versions.envtest}`);
  if (existsSync(folder)) return folder;
  const names = "etcd, kube-apiserver and kubectl";
  return await locked(join(cache, "download.lock"), async () => {
    if (existsSync(folder)) return folder;
    const from = new URL(archive.url).host;
    progress(`test bed: downloading ${names} ${versions.envtest} (envtest) from ${from}`);
    try {
      await download(archive, folder, { ...patience, ...given });
      return folder;
    } catch (error) {
      progress(`test bed: ${(error as Error).message}: ${names} are built instead`);
      return undefined;
    }
  }, (pid) => progress(`test bed: waiting for process ${pid}, which is downloading`));
}

/**
 * Downloads the archive, checks its digest and lays what it holds into `folder`, in one step. Of a download that does not
 * come to its end nothing stays. Throws with what is wrong.
 */
export async function download(archive: Archive, folder: string, limits: Patience = patience): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await removeLeftOvers(folder);
  const work = await mkdtemp(`${folder}.part-`);
  const forget = () => rmSync(work, { recursive: true, force: true });
  process.once("exit", forget);
  try {
    const digest = await fetchInto(join(work, "archive.tar.gz"), archive.url, limits);
    if (digest !== archive.sha512) {
      throw new Error(`${archive.url} has SHA-512 ${digest.slice(0, 12)}…, not ${archive.sha512.slice(0, 12)}…`);
    }
    await unpack(work);
    const unpacked = join(work, "controller-tools", "envtest");
    const missing = envtestNames.filter((name) => !existsSync(join(unpacked, name)));
    if (missing.length > 0) throw new Error(`${archive.url} holds no ${missing.join(", no ")}`);
    await rename(unpacked, folder);
  } finally {
    process.off("exit", forget);
    await rm(work, { recursive: true, force: true });
  }
}

/** Of processes that were killed in the middle of it. */
async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.part-`)) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/** Gives the SHA-512 of what it has written to the file. */
async function fetchInto(path: string, url: string, limits: Patience): Promise<string> {
  await reach(new URL(url), limits.connectMs);
  const controller = new AbortController();
  const { signal } = controller;
  const giveUp = (ms: number, why: string) => setTimeout(() => controller.abort(new Error(`${url} ${why}`)), ms);
  const seconds = (ms: number) => `${ms / 1000} s`;
  const whole = giveUp(limits.wholeMs, `took longer than ${seconds(limits.wholeMs)}`);
  let next = giveUp(limits.headMs, `has not answered in ${seconds(limits.headMs)}`);
  const file = await open(path, "w");
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`${url} answered ${response.status}`);
    }
    const hash = createHash("sha512");
    const reader = response.body!.getReader();
    for (;;) {
      clearTimeout(next);
      next = giveUp(limits.silenceMs, `sent nothing for ${seconds(limits.silenceMs)}`);
      const { done, value } = await reader.read();
      if (done) return hash.digest("hex");
      hash.update(value);
      await file.writeFile(value);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { message, cause } = error as Error;
    throw message.includes(url) ? error : new Error(`${url}: ${(cause as Error | undefined)?.message ?? message}`);
  } finally {
    clearTimeout(next);
    clearTimeout(whole);
    controller.abort();
    await file.close();
  }
}

/** Throws where there is no connection in time. What a proxy reaches cannot be told before it is asked. */
async function reach({ protocol, hostname, port, host }: URL, ms: number): Promise<void> {
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return;
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === "https:" ? 443 : 80) });
    const timer = setTimeout(() => end(new Error(`${host} cannot be reached in ${ms / 1000} s`)), ms);
    function end(error?: Error): void {
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(error);
      else resolve();
    }
    socket.once("connect", () => end());
    socket.once("error", ({ message }) => end(new Error(`${host} cannot be reached (${message})`)));
  });
}

function unpack(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("tar", ["-xzf", "archive.tar.gz"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => told += text);
    child.on("error", reject);
    child.on("close", (code) => code === 0 ? resolve() : reject(new Error(`tar: ${told.trim() || `status ${code}`}`)));
  });
}
