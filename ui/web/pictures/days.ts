import { type Html, html } from "../html.ts";
import { icon } from "../parts/icon.ts";
import { lookOfPhase } from "../parts/looks.ts";
import { dayText } from "../parts/time.ts";
import { counted } from "./numbers.ts";

/** One update that ended, or began, on a day. */
export interface DayUpdate {
  /** Such as `2026-11-30T11:06:02Z`. */
  at: string;
  /** Its phase: shape, colour and word follow from it. */
  phase: string;
  /** Workload and change: `shop/web 1.25.3 → 1.25.4`. */
  label: string;
  href: string;
}

export interface Days {
  /** Of the picture's elements. */
  id: string;
  title: string;
  /** The last day that is shown: the day, in UTC, of this moment. */
  now: string;
  /** Default 30. */
  days?: number;
  updates: readonly DayUpdate[];
  /** Where all of one day are listed: the day comes behind it. */
  moreHref?: string;
}

const DAY = 86_400_000;
/** More than this on one day are told by their number. */
const SHOWN = 8;

const UTC = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The days up to `now`, the earliest first, each with its updates in the order of time. */
export function updatesByDay({ now, days = 30, updates }: Pick<Days, "now" | "days" | "updates">) {
  const last = Math.floor(Date.parse(now) / DAY);
  const lists = Array.from({ length: days }, (_, index) => ({
    day: dayText((last - days + 1 + index) * DAY),
    updates: [] as DayUpdate[],
  }));
  const byDay = new Map(lists.map(({ day, updates }) => [day, updates]));
  for (const update of updates) {
    const { at } = update;
    // of thousands, reading the time takes longest
    byDay.get(UTC.test(at) ? at.slice(0, 10) : dayText(at))?.push(update);
  }
  for (const list of lists) list.updates.sort((one, other) => one.at < other.at ? -1 : one.at > other.at ? 1 : 0);
  return lists;
}

/**
 * The cluster's updates by day: a list of days, each a list of links, which is also what a screen reader reads. Wide it is
 * drawn as columns, narrow as lines, by the stylesheet.
 */
export function daysPicture({ id, title, now, days = 30, updates, moreHref }: Days): Html {
  const lists = updatesByDay({ now, days, updates });
  const shown = lists.flatMap(({ updates }) => updates);
  const items = lists.map(({ day, updates }, index) => {
    const left = updates.length - SHOWN;
    const more = left <= 0
      ? ""
      : html`<li>${
        moreHref === undefined
          ? html`<span class="more">+${left}</span>`
          : html`<a class="more" href="${moreHref}${day}" aria-label="${left} more on ${day}">+${left}</a>`
      }</li>`;
    const name = html`<span class="day${
      index % 7 === (lists.length - 1) % 7 ? " told" : ""
    }"><time datetime="${day}" data-day>${day.slice(5)}</time></span>`;
    // of a list without entries a screen reader says nothing
    const marks = updates.length === 0
      ? ""
      : html`<ul aria-label="${day}, ${counted(updates.length, "update")}">${
        updates.slice(0, SHOWN).map(drawUpdate)
      }${more}</ul>`;
    return html`<li id="${id}-${day}" class="${updates.length === 0 ? "none" : "some"}">${name}${marks}</li>`;
  });
  const counts = countsOf(shown);
  return html`
    <figure class="picture days"
      id="${id}"><figcaption><span class="name">${title}</span> <span class="note">${counted(
        shown.length,
        "update",
      )} in ${counted(days, "day")}</span>${counts}</figcaption>${shown.length === 0
        ? html`<p class="empty">No update ended in these ${days} days</p>`
        : html`<ol class="by-day" data-roving>${items}</ol>`}</figure>
  `;
}

function drawUpdate({ phase, label, href }: DayUpdate): Html {
  const { word, icon: name, tone } = lookOfPhase(phase);
  const text = `${label}: ${word}`;
  return html`<li><a class="${tone}" href="${href}" title="${text}" aria-label="${text}">${icon(name)}</a></li>`;
}

/** The legend, which counts: each outcome that there is, most of it first. */
function countsOf(updates: readonly DayUpdate[]): Html {
  const counts = new Map<string, number>();
  for (const { phase } of updates) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  const items = [...counts].sort(([, one], [, other]) => other - one).map(([phase, count]) => {
    const { word, icon: name, tone } = lookOfPhase(phase);
    return html`<li class="${tone}">${icon(name)}<span>${word} ${count}</span></li>`;
  });
  return html`<ul class="legend">${items}</ul>`;
}
