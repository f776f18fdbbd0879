import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { delay } from "../../core/lib/delay.ts";
import type { Chromium } from "../testbed/chromium.ts";
import { freePort } from "../testbed/ports.ts";
import { startTied } from "../testbed/processes.ts";
import { untilReady } from "../testbed/until_ready.ts";
import { type Look, ONLY_CATEGORIES, readLook } from "./lighthouse_report.ts";

const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
/** It takes about ten seconds, and gives itself 45 for a page that does not come to rest. */
const DEADLINE_MS = 120_000;

/** What Lighthouse has its own browser started with, as far as it changes what a page does or what goes on beside it. */
const FLAGS = [
  ...["--headless=new", "--no-sandbox", "--no-first-run", "--no-default-browser-check", "--mute-audio"],
  ...["--disable-extensions", "--disable-component-extensions-with-background-pages", "--disable-default-apps"],
  ...[
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
  ],
  ...["--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--metrics-recording-only"],
  ...["--disable-backgrounding-occluded-windows", "--disable-ipc-flooding-protection", "--disable-hang-monitor"],
  "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication",
];

export interface LighthouseRun {
  /** Path of Lighthouse's command. */
  command: string;
  chromium: Chromium;
  url: string;
  signal: AbortSignal;
}

/** Looks at a page once, with a browser of its own. Both are gone afterwards, and with this process, however that ends. */
export async function lookOnce({ command, chromium, url, signal }: LighthouseRun): Promise<Look> {
  const dir = await mkdtemp(join(tmpdir(), "headwind-lighthouse-"));
  const port = await freePort();
  const browser = startTied({
    name: "chromium",
    command: chromium.path,
    args: [...FLAGS, `--remote-debugging-port=${port}`, `--user-data-dir=${join(dir, "profile")}`, "about:blank"],
    dir,
    env: chromium.env,
  });
  try {
    const unready = await untilReady("Chromium", browser, `http://127.0.0.1:${port}/json/version`).catch((error) =>
      error
    );
    if (unready) return { trouble: unready.message.trim(), ofPage: false };
    const output = join(dir, "report.json");
    const lighthouse = startTied({
      name: "lighthouse",
      command: node,
      args: [
        ...[command, url, "--output=json", "--output-path=stdout", "--quiet", "--no-enable-error-reporting"],
        ...[ONLY_CATEGORIES, `--port=${port}`],
      ],
      dir,
      output,
      env: { HOME: process.env.HOME ?? dir, CHROME_PATH: chromium.path },
    });
    try {
      const deadline = performance.now() + DEADLINE_MS;
      while (lighthouse.ended() === undefined) {
        if (performance.now() > deadline) return { trouble: `not done in ${DEADLINE_MS / 1000} s`, ofPage: false };
        await delay(50, signal);
      }
      signal.throwIfAborted();
      return readLook(await readFile(output, "utf8"), await readFile(lighthouse.log, "utf8"));
    } finally {
      await lighthouse.stop();
    }
  } finally {
    await browser.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
