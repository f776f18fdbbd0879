import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";

export interface Pager {
  /** From 1. */
  page: number;
  pages: number;
  /** `134 updates`. */
  counted: string;
  href(page: number): string;
}

/** The way through a list that is longer than a page; nothing but its number where it is not. */
export function pager({ page, pages, counted, href }: Pager): Html {
  if (pages <= 1) return html`<p class="pager">${counted}</p>`;
  const way = (to: number, rel: "prev" | "next", word: Html) =>
    to >= 1 && to <= pages
      ? html`<a href="${href(to)}" rel="${rel}">${word}</a>`
      : html`<span class="off">${word}</span>`;
  return html`
    <nav class="pager" aria-label="Pages of the list">
      ${way(page - 1, "prev", html`${icon("chevron-left")}Previous`)}
      <span>Page ${page} of ${pages}, ${counted}</span>
      ${way(page + 1, "next", html`Next${icon("chevron-right")}`)}
    </nav>
  `;
}
