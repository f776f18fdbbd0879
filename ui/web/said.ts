import type { Deed } from "./action.ts";
import { type Html, html } from "./html.ts";
import { notice } from "./parts/notice.ts";
import { updatePath } from "./paths.ts";

/** The sentence about what somebody has just done, which the next page tells once. */
const COOKIE = "headwind-done";
/** Until then the next page has come, or none will. */
const SECONDS = 30;
/** Names of Kubernetes, as they may stand in a cookie. */
const NAME = /^[A-Za-z0-9]([-.A-Za-z0-9]{0,251}[A-Za-z0-9])?$/;

const SENTENCES: Record<Deed["done"], (what: Html) => Html> = {
  "approved": (what) => html`Approved ${what}: it is applied as soon as its other gates let it through`,
  "rejected": (what) => html`Rejected ${what}: that version is not offered again`,
  "retried": (what) => html`${what} is made anew, without its decision`,
  "held": (what) => html`Held for ${what}: it is not offered until a person resumes`,
  "resumed": (what) => html`Resumed for ${what}: what was held is offered again when it is seen again`,
  "rolled back": (what) => html`Rolled back ${what}: the version that it left is held`,
  "asked": (what) => html`The registry is asked for ${what}: what comes of it is shown here`,
};

/** Of codes and names alone, so that a forged one tells nothing but that. */
export function saidCookie({ done, kind = "", namespace, name }: Deed): string {
  const value = [done.replace(" ", "-"), kind, namespace, name].join("~");
  return `${COOKIE}=${value}; Path=/; Max-Age=${SECONDS}; HttpOnly; SameSite=Lax`;
}

/** Takes it back once it was told. */
export const TOLD = `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;

/** What the browser brings back; undefined where there is none that was written here. */
export function saidOf(headers: Headers): Deed | undefined {
  const value = new RegExp(`(?:^|;) *${COOKIE}=([^;]*)`).exec(headers.get("cookie") ?? "")?.[1];
  const [code = "", kind = "", namespace = "", name = "", ...more] = (value ?? "").split("~");
  const done = code.replace("-", " ");
  if (more.length > 0 || !Object.hasOwn(SENTENCES, done)) return undefined;
  if (![namespace, name, ...kind ? [kind] : []].every((text) => NAME.test(text))) return undefined;
  return { done: done as Deed["done"], ...(kind ? { kind } : {}), namespace, name };
}

/** What was done, in a sentence. */
export function saidNotice({ done, kind, namespace, name }: Deed): Html {
  const what = kind === undefined
    ? html`<a href="${updatePath({ namespace, name })}">${namespace}/${name}</a>`
    : html`${kind} ${namespace}/${name}`;
  return notice("good", SENTENCES[done](what));
}
