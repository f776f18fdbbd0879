import { type Html, html } from "../html.ts";

/** A moment, such as `2026-11-30T11:06:02Z`. */
export type Moment = string | number | Date;

const iso = (at: Moment): string | undefined => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19)}Z`;
};

/** When something was or will be: `2026-11-30 11:06 UTC`, which the page's script makes "3 min ago", with the exact time as title. */
export function time(at: Moment): Html {
  const text = iso(at);
  if (text === undefined) return html`${String(at)}`;
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 16)} UTC</time>`;
}

/** A time that stays exact: `11:06:02 UTC`, which the page's script makes that of the reader's zone. */
export function clock(at: Moment): Html {
  const text = iso(at);
  if (text === undefined) return html`${String(at)}`;
  return html`<time datetime="${text}" data-clock>${clockText(at)} UTC</time>`;
}

/** `11:06:02`, in UTC. */
export const clockText = (at: Moment): string => iso(at)?.slice(11, 19) ?? String(at);

/** `2026-11-30`, in UTC. */
export const dayText = (at: Moment): string => iso(at)?.slice(0, 10) ?? String(at);
