import { hash } from "node:crypto";
import { type Html, html, raw } from "./html.ts";
import type { Assets } from "./assets.ts";
import type { Region } from "./page.ts";
import type { Person } from "./identity/person.ts";
import { icon, iconSymbols } from "./parts/icon.ts";
import { keySheet } from "./parts/key_sheet.ts";
import { preferenceForms, type Preferences, USUAL } from "./preferences.ts";

/** What stands around each page. */
export interface Layout {
  title: string;
  /** The path of the page, by which the navigation knows where one is. */
  path: string;
  /** Absent where nobody is known: then it leads nowhere. */
  person?: Person | undefined;
  /** What stands on each page. */
  warning?: Html | undefined;
  assets: Assets;
  version: string;
  /** This replica. */
  replica?: string;
  /** What the reader has just done. */
  said?: Html;
  /** The address of the live stream; absent where the page does not move by itself. */
  live?: string;
  /** What the reader chose of how pages look and move. */
  preferences?: Preferences;
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
const SCRIPTS = ["dashboard.js", "page.js"];

/** What a tab of the browser is called. */
export const pageTitle = (title: string): string => `${title} · Headwind`;

/** A whole page. */
export function layout(of: Layout): Html {
  const { title, path, person, warning, assets, version, replica, live, said = "", preferences = USUAL, regions } = of;
  const theme = preferences.theme === "system" ? "" : html`data-theme="${preferences.theme}"`;
  const moves = live !== undefined && preferences.refreshes;
  return html`
    <!DOCTYPE html>
    <html lang="en" ${theme}>
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="htmx-config" content='{"morphIgnore":["data-htmx-powered","open"]}'>
        <title>${pageTitle(title)}</title>
        <link rel="icon" href="${assets.url("icon.svg")}">
        <link rel="stylesheet" href="${assets.url("style.css")}">
        <script src="${assets.url("htmx.js")}" defer></script>
        ${SCRIPTS.map((name) => html`<script type="module" src="${assets.url(name)}"></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${iconSymbols}
        <div class="frame">
          <header class="top">
            <a class="name" href="/">${logo}Headwind</a>
            ${person ? navigation(path) : ""}
            <div class="tools">
              ${preferenceForms(preferences, live !== undefined)} ${person ? whoLooks(person) : ""}
            </div>
          </header>
        </div>
        <main id="main" tabindex="-1">
          ${moves ? stream(live) : ""}
          ${warning ? html`<div class="notice warn" role="note">${icon("alert-fill")}<div>${warning}</div></div>` : ""}
          <h1>${title}</h1>
          <div id="notice" role="status" aria-live="polite" tabindex="-1">${said}</div>
          ${regions.map(section)}
        </main>
        <p id="live-state" class="live-state" role="status"></p>
        <p id="announcements" class="unseen" role="status"></p>
        <footer class="bottom">
          <p>Headwind ${version}${replica ? `, answered by ${replica}` : ""}</p>
          <p id="copied" role="status"></p>
          <button type="button" class="plain" data-open-keys>Keyboard</button>
        </footer>
        ${keySheet(NAVIGATION)}
      </body>
    </html>
  `;
}

/**
 * What connects to the live stream, once `assets/live.js` says so. It is a part of what a filter swaps, and each view has one of
 * its own: htmx goes on with the old stream of an element that is only changed.
 */
const stream = (address: string): Html =>
  html`
    <div id="live-${hash("sha256", address, "hex").slice(0, 12)}" data-live hidden hx-sse:connect="${address}"
      hx-trigger="live:open" hx-swap="none" hx-sync="this:drop" hx-config="sse.connectTimeout:15s"></div>
  `;

/** A region as it stands in a page, and as the live stream sends it. */
export const section = ({ id, html: content }: Region): Html => html`<section id="${id}">${content}</section>`;

const logo = raw(
  '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2" ' +
    'stroke-linecap="round" d="M1 5h8a2 2 0 1 0-2-2M1 9h11a2 2 0 1 1-2 2M3 13h4"/></svg>',
);

const navigation = (path: string): Html =>
  html`
    <nav aria-label="Pages">
      <ul>${NAVIGATION.map((entry) => link(entry, path))}</ul>
    </nav>
  `;

const signOut = html`<form method="post" action="/logout"><button type="submit" class="plain">Sign out</button></form>`;

function whoLooks({ name, proof, isSignedIn }: Person): Html {
  const said = proof === "none" ? "not signed in" : name.replace(/^system:serviceaccount:/, "");
  const title = proof === "none" ? "Nobody is asked who they are; your rights" : `${name}; your rights`;
  return html`
    <p class="person"><a href="/rights" title="${title}">${icon("person")}<span>${said}</span></a></p>
    ${isSignedIn ? signOut : ""}
  `;
}

const link = ({ path, label, key }: typeof NAVIGATION[number], current: string): Html => {
  const isHere = isAt(current, path) ? html`aria-current="page"` : "";
  return html`<li><a href="${path}" data-key="${key}" ${isHere}>${label}</a></li>`;
};

/** The page itself, or one below it. */
const isAt = (path: string, entry: string) => path === entry || (entry !== "/" && path.startsWith(`${entry}/`));
