import { type Html, html } from "../html.ts";

export interface Filter {
  /** In the address. */
  name: string;
  label: string;
  /** What is chosen. */
  value: string | undefined;
  /** What stands for all of them. */
  all: string;
  options: readonly FilterOption[];
}

export interface FilterOption {
  value: string;
  label?: string;
  /** How many it would leave. */
  count?: number;
}

export interface Filters {
  /** The page that the form leads to. */
  action: string;
  search: { label: string; placeholder: string; value: string | undefined };
  filters: readonly Filter[];
  /** What the address says besides, which stays. */
  kept: Readonly<Record<string, string | undefined>>;
}

/** Narrows a list down as one types; without JavaScript by a button. */
export function filters({ action, search, filters, kept }: Filters): Html {
  const isChosen = [search, ...filters].some(({ value }) => value !== undefined);
  const hidden = Object.entries(kept).map(([name, value]) =>
    value === undefined ? "" : html`<input type="hidden" name="${name}" value="${value}">`
  );
  return html`
    <form id="filter" class="filters" role="search" method="get" action="${action}" hx-get="${action}"
      hx-trigger="input delay:250ms, submit" hx-target="#main" hx-select="#main" hx-swap="outerMorph"
      hx-replace-url="true" hx-sync="this:replace">
      <label class="search" for="filter-search"><span class="name">${search.label}</span>
        <input type="search" id="filter-search" name="search" value="${search.value ?? ""}" maxlength="200"
          placeholder="${search.placeholder}" autocomplete="off" spellcheck="false" data-key="/"></label>
      ${filters.map(select)}${hidden}
      <button type="submit" class="without-script">Show</button>
      ${isChosen ? html`<a class="reset" id="filter-reset" href="${action}">Show all</a>` : ""}
    </form>
  `;
}

/** Of one filter: the search finds what is beyond. */
const MOST_OPTIONS = 500;

function select({ name, label, value, all, options: every }: Filter): Html {
  const options = every.slice(0, MOST_OPTIONS);
  const isThere = value === undefined || options.some((option) => option.value === value);
  const shown = isThere ? options : [every.find((option) => option.value === value) ?? { value, count: 0 }, ...options];
  return html`
    <label for="filter-${name}"><span class="name">${label}</span>
      <select id="filter-${name}" name="${name}"><option value="">${all}</option>${shown.map((option) =>
        optionOf(option, option.value === value)
      )}</select></label>
  `;
}

function optionOf({ value, label = value, count }: FilterOption, isChosen: boolean): Html {
  const text = count === undefined ? label : `${label} (${count})`;
  return isChosen
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`;
}
