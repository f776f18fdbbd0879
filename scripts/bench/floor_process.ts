import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { lineSplitter } from "../../core/kube/watch_stream.ts";
import type { Subject } from "./subject.ts";

export interface Floor extends Subject {
  /** Milliseconds from the start of an event to the answered patch, by its own clock: without the watch's way to here. */
  ownTimes: number[];
}

/** Starts the floor, which asks the registry of that URL if one is given, and waits until it has listed. It ends with this process, since its input does. */
export async function startFloor(server: string, serviceAccount: string, registry?: string): Promise<Floor> {
  const script = fileURLToPath(new URL("floor.ts", import.meta.url));
  const args = ["run", "--quiet", "--no-prompt", "--allow-net", "--allow-read", "--allow-env", script];
  const child = spawn(process.execPath, [...args, server, serviceAccount, ...(registry ? [registry] : [])], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: { resolve(times: number[]): void; reject(error: Error): void }[] = [];
  const answer = () => new Promise<number[]>((resolve, reject) => void waiting.push({ resolve, reject }));
  const gone = new Promise<void>((resolve) =>
    child.once("exit", (code) => {
      for (const { reject } of waiting) reject(new Error(`the floor's process ended with status ${code}`));
      resolve();
    })
  );
  const split = lineSplitter();
  child.stdout.on("data", (chunk: Uint8Array) => {
    for (const line of split(chunk)) waiting.shift()?.resolve(JSON.parse(line));
  });
  child.stdin.on("error", () => {});
  const ownTimes: number[] = [];
  await answer();
  return {
    pid: child.pid!,
    ownTimes,
    async send(events, atOnce) {
      const times = answer();
      child.stdin.write(`${JSON.stringify({ events, atOnce })}\n`);
      ownTimes.push(...await times);
      return events;
    },
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}
