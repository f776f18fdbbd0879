/// <reference lib="dom" />
import process from "node:process";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium as driver,
  type Page,
} from "playwright-core";
import { chromium } from "../../scripts/testbed/chromium.ts";

/** Somebody before a browser of their own: nothing of it is seen by others. */
export interface Visitor {
  context: BrowserContext;
  /** A new tab on this path of the dashboard. */
  open(path: string): Promise<Page>;
  /** Console errors, broken rules of the page's policy, dialogs, requests to other hosts. */
  problems: string[];
  close(): Promise<void>;
}

export interface Visit extends BrowserContextOptions {
  /** Where the dashboard is. */
  url: string;
  /** Texts of the console that are no problem in this test, such as of an answer 409 that is wanted. */
  expected?: RegExp[];
  /** Others that may be asked besides. */
  hosts?: string[];
}

/** The Chromium of a file of tests. */
export async function launch(): Promise<Browser> {
  const { path, env } = await chromium(console.error);
  return await driver.launch({
    executablePath: path,
    env: { ...process.env, ...env } as Record<string, string>,
    // as every visitor has it, without what playwright adds for its own use
    args: ["--lang=en-GB"],
  });
}

const desktop = { width: 1280, height: 800 };

export async function visit(browser: Browser, { url, expected = [], hosts = [], ...options }: Visit): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: desktop,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const problems: string[] = [];
  const problem = (text: string) => void (expected.some((known) => known.test(text)) || problems.push(text));
  const own = [new URL(url).hostname, ...hosts];
  context.on("request", (request) => {
    const asked = new URL(request.url());
    if (/^(https?|wss?):$/.test(asked.protocol) && ![asked.hostname, asked.host].some((host) => own.includes(host))) {
      problem(`a request to ${request.url()}`);
    }
  });
  context.on("console", (message) => {
    const { url: at } = message.location();
    if (message.type() === "error") problem(`console: ${message.text()} (${at})`);
  });
  context.on("weberror", (error) => problem(`uncaught: ${error.error().message}`));
  context.on("dialog", (dialog) => {
    problem(`a dialog: ${dialog.message()}`);
    void dialog.dismiss().catch(() => {});
  });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`);
    });
  });
  return {
    context,
    problems,
    async open(path) {
      const page = await context.newPage();
      await page.goto(new URL(path, url).href);
      return page;
    },
    close: () => context.close(),
  };
}
