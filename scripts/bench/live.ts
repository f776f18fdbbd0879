import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { readEntrypoint } from "./entrypoint.ts";
import type { LiveResult } from "./results.ts";
import { processUsage } from "./usage_of_process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = 500;
const rounds = 20;
/** So long changes are gathered before they are sent. */
const GATHERED_MS = 150;
/** Until what a round left behind has settled. */
const SETTLED_MS = 400;

/** An open page, as far as it counts what comes. */
interface Page {
  socket: Socket;
  /** Begins to count anew, and gives when so many bytes came; milliseconds since the epoch. */
  after(bytes: number): Promise<number>;
  begin(): void;
}

/** How long a change takes until 500 open pages have it, beside a bare server that sends them the same, by turns. */
export async function measureLive({ progress }: { progress(line: string): void }): Promise<LiveResult> {
  progress(`live: ${pages} open pages`);
  const dockerfile = await readFile(join(root, "deploy", "Dockerfile"), "utf8");
  const { args } = readEntrypoint(dockerfile, { app: root, serviceAccount: root });
  const flags = args.filter((arg) => arg.startsWith("--v8-flags="));
  const script = join(root, "scripts", "bench", "live_subject.ts");
  const subject = spawn(process.execPath, ["run", "--quiet", "--no-prompt", "--allow-all", ...flags, script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const sockets: Socket[] = [];
  try {
    const lines = createInterface({ input: subject.stdout })[Symbol.asyncIterator]();
    const answer = async () => JSON.parse((await lines.next()).value ?? "null");
    const ask = async (task: string): Promise<{ began: number; bytes: number }> => {
      subject.stdin.write(`${task}\n`);
      return await answer();
    };
    const rss = async () => (await processUsage(subject.pid!)).rssBytes;
    const openAll = async (port: number) => {
      const opened: Page[] = [];
      for (let count = 0; count < pages; count++) opened.push(await openPage(port));
      sockets.push(...opened.map(({ socket }) => socket));
      return opened;
    };
    const ports: { dashboard: number; bare: number } = await answer();
    for (let count = 0; count < 20; count++) await ask("change");
    const before = await rss();
    const ofDashboard = await openAll(ports.dashboard);
    const result: LiveResult = {
      pages,
      messageBytes: 0,
      bytesPerPage: 0,
      bareMs: [],
      dashboardMs: [],
      gatheredMs: GATHERED_MS,
    };
    const seen = async (all: Page[], task: string): Promise<number[]> => {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      all.forEach((page) => page.begin());
      const { began, bytes } = await ask(task);
      result.messageBytes = bytes;
      return (await Promise.all(all.map((page) => page.after(bytes)))).map((at) => at - began);
    };
    await seen(ofDashboard, "change");
    result.bytesPerPage = (await rss() - before) / pages;
    const ofBare = await openAll(ports.bare);
    for (let round = 0; round < rounds; round++) {
      result.bareMs.push(...await seen(ofBare, "send"));
      result.dashboardMs.push(...await seen(ofDashboard, "change"));
    }
    return result;
  } finally {
    for (const socket of sockets) socket.destroy();
    subject.kill();
    await once(subject, "close");
  }
}

async function openPage(port: number): Promise<Page> {
  const socket = connect(port, "127.0.0.1");
  let count = 0;
  let wanted = Infinity;
  let isSeen = (_: number) => {};
  const arrivals: { count: number; at: number }[] = [];
  socket.on("data", (piece: Uint8Array) => {
    count += piece.byteLength;
    const at = performance.timeOrigin + performance.now();
    arrivals.push({ count, at });
    if (count >= wanted) isSeen(at);
  });
  socket.write("GET /live?view=/updates HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await once(socket, "data");
  return {
    socket,
    begin() {
      count = 0;
      wanted = Infinity;
      arrivals.length = 0;
    },
    after(bytes) {
      wanted = bytes;
      const known = arrivals.find(({ count }) => count >= bytes);
      return known ? Promise.resolve(known.at) : new Promise((resolve) => isSeen = resolve);
    },
  };
}
