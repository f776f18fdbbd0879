/// <reference lib="dom" />
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Page } from "playwright-core";
import { axe } from "./axe.ts";

/** Where the pictures of pages are written. */
export const screenshots = process.env.HEADWIND_SCREENSHOTS ?? join(tmpdir(), "headwind-screenshots");

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const schemes = ["light", "dark"] as const;

/**
 * Looks at a page in one of its states: dark and light, on a phone and on a desktop, each kept as a picture; axe sees each size
 * and each scheme. At 320 px, and with text twice as large, nothing may stand out of the window. Gives what is wrong, a line each.
 */
export async function look(page: Page, name: string): Promise<string[]> {
  const wrong: string[] = [];
  const told = (where: string, lines: string[]) => wrong.push(...lines.map((line) => `${name}, ${where}: ${line}`));
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await picture(page, `${name}-${colorScheme}-${size}`);
      if ((size === "desktop") === (colorScheme === "light")) told(`${colorScheme}, ${size}`, await axe(page));
    }
    told(size, [...await tooWide(page), ...await overflowingCells(page), ...await brokenWords(page)]);
    told(size, await page.evaluate(headOf, size === "phone" ? 2 : 1));
  }
  await page.setViewportSize({ width: 820, height: 1180 });
  told("820 px", await tooWide(page));
  await page.setViewportSize({ width: 320, height: 800 });
  told("320 px", await tooWide(page));
  await page.setViewportSize(sizes.desktop);
  await withLargeText(page, async () => told("text of 200 %", await tooWide(page)));
  await page.emulateMedia({ colorScheme: "light" });
  return wrong;
}

/** Keeps how a page looks. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** As somebody has it who set their browser's text to twice its size. */
async function withLargeText(page: Page, act: () => Promise<unknown>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const set = (standard: number, fixed: number) =>
    session.send("Page.setFontSizes", { fontSizes: { standard, fixed } });
  await set(32, 26);
  await act();
  await set(16, 13);
  await session.detach();
}

/** Cells of tables whose name of the column, on a phone, reaches into the next. */
async function overflowingCells(page: Page): Promise<string[]> {
  return await page.locator(".list [data-label]").evaluateAll((cells) =>
    cells.filter((cell) => cell.clientHeight > 0 && cell.scrollHeight > cell.clientHeight + 1)
      .map((cell) => `the cell ${cell.getAttribute("data-label")} of ${cell.parentElement?.id} is too low`)
  );
}

/** Lines that the head of the page has, where they are more than `most`. */
function headOf(most: number): string[] {
  const parts = [...document.querySelectorAll("header.top > *, header.top > .tools > *, header.top nav li")];
  const lines = parts.map((part) => part.getBoundingClientRect()).filter(({ height }) => height > 0)
    .map(({ top, height }) => top + height / 2).sort((one, other) => one - other)
    .filter((middle, at, all) => at === 0 || middle - all[at - 1]! > 8);
  return lines.length > most ? [`the head has ${lines.length} lines`] : [];
}

/** Columns of tables that are so narrow that a word in them goes on in the next line, though it is no part of a long name. */
async function brokenWords(page: Page): Promise<string[]> {
  return await page.locator("table.list tbody :is(td, th)").evaluateAll((cells) => {
    const LONG = 24;
    const broken: string[] = [];
    const range = document.createRange();
    for (const cell of cells) {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        const words = text.textContent!.matchAll(/\S+/g).filter(({ 0: name }) => name.length <= LONG)
          .flatMap(({ 0: name, index: at }) =>
            name.matchAll(/[\p{L}\p{N}_]+/gu).map(({ 0: word, index }) => ({ word, index: at + index }))
          );
        for (const { word, index } of words) {
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          const [first, ...others] = range.getClientRects();
          if (others.some(({ top }) => top > first!.top + 4)) {
            broken.push(`${word} is broken in ${cell.parentElement!.id}`);
          }
        }
      }
    }
    return broken.slice(0, 5);
  });
}

/** What stands out of the window's width, though nothing scrolls it. */
async function tooWide(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement!.scrollWidth <= width) return [];
    const scrolled = (element: Element): boolean =>
      element.parentElement !== null && element.parentElement !== document.body &&
      (/auto|scroll|hidden|clip/.test(getComputedStyle(element.parentElement).overflowX) ||
        scrolled(element.parentElement));
    const out = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !scrolled(element));
    return [
      `wider than the window (${document.scrollingElement!.scrollWidth} of ${width} px): ${
        out.slice(0, 4).map((element) => element.outerHTML.slice(0, 120)).join(" | ")
      }`,
    ];
  });
}
