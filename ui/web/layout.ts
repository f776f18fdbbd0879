import { type Html, html } from "./html.ts";
import type { Assets } from "./assets.ts";
import type { Region } from "./page.ts";
import type { Person } from "./identity/person.ts";

/** What stands around each page. */
export interface Layout {
  title: string;
  /** The path of the page, by which the navigation knows where one is. */
  path: string;
  person: Person;
  assets: Assets;
  version: string;
  /** The address of the live stream; absent where the page does not move by itself. */
  live?: string;
  regions: readonly Region[];
}

/** The pages that the navigation leads to, in its order; `key` follows `g`. */
export const NAVIGATION = [
  { path: "/", label: "Overview", key: "o" },
  { path: "/updates", label: "Updates", key: "u" },
  { path: "/workloads", label: "Workloads", key: "w" },
  { path: "/registries", label: "Registries", key: "r" },
  { path: "/observability", label: "Observability", key: "m" },
  { path: "/rights", label: "Your rights", key: "y" },
  { path: "/settings", label: "Settings", key: "s" },
] as const;

/** Modules of `assets/` that each page loads; they know each other by the document's events alone. */
const SCRIPTS = ["dashboard.js"];

/** A whole page. */
export function layout({ title, path, person, assets, version, live, regions }: Layout): Html {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="htmx-config" content='{"morphIgnore":["data-htmx-powered","open"]}'>
        <title>${title} · Headwind</title>
        <link rel="icon" href="${assets.url("icon.svg")}">
        <link rel="stylesheet" href="${assets.url("style.css")}">
        <script src="${assets.url("htmx.js")}" defer></script>
        <script src="${assets.url("hx-sse.js")}" defer></script>
        ${SCRIPTS.map((name) => html`<script type="module" src="${assets.url(name)}"></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="name" href="/">Headwind</a>
          <nav aria-label="Pages">
            <ul>${NAVIGATION.map((entry) => link(entry, path))}</ul>
          </nav>
          <p class="person">${person.proof === "none" ? "not signed in" : person.name}</p>
        </header>
        <main id="main" tabindex="-1" ${live ? html`data-live="${live}"` : ""}>
          <h1>${title}</h1>
          <div id="notice" role="status" aria-live="polite"></div>
          ${regions.map(section)}
        </main>
        <footer class="bottom">
          <p>Headwind ${version}</p>
        </footer>
      </body>
    </html>
  `;
}

/** A region as it stands in a page, and as the live stream sends it. */
export const section = ({ id, html: content }: Region): Html => html`<section id="${id}">${content}</section>`;

const link = ({ path, label, key }: typeof NAVIGATION[number], current: string): Html =>
  html`<li><a href="${path}" data-key="${key}" ${
    isAt(current, path) ? html`aria-current="page"` : ""
  }>${label}</a></li>`;

/** The page itself, or one below it. */
const isAt = (path: string, entry: string) => path === entry || (entry !== "/" && path.startsWith(`${entry}/`));
