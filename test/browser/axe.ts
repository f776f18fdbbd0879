import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let source: Promise<string> | undefined;

interface Found {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/**
 * What axe finds wrong on a page as it is now, a line each. It comes in by the driver and not as a script of the page, so the
 * page's own policy stays on.
 */
export async function axe(page: Page): Promise<string[]> {
  source ??= readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(`${await source};undefined`);
  const { violations } = await page.evaluate(
    (values) =>
      // deno-lint-ignore no-explicit-any
      (globalThis as any).axe.run({
        runOnly: { type: "tag", values },
        rules: { "target-size": { enabled: true } },
        resultTypes: ["violations"],
      }) as Promise<Found>,
    TAGS,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 5).map(({ html, failureSummary = "" }) =>
      `axe ${id}: ${help}: ${html.slice(0, 200)} ${failureSummary.replace(/\s+/g, " ").slice(0, 300)}`
    )
  );
}
