import { type Html, html } from "./html.ts";
import { icon, type IconName } from "./parts/icon.ts";
import { pageOf, safeNext } from "./identity/next.ts";
import { readForm } from "./form.ts";

const THEMES = ["system", "dark", "light"] as const;

/** What a reader chose, which their browser keeps. */
export interface Preferences {
  /** `system`: as the system has it. */
  theme: typeof THEMES[number];
  /** Whether pages move by themselves. */
  refreshes: boolean;
}

/** Of who chose nothing. */
export const USUAL: Preferences = { theme: "system", refreshes: true };

const YEAR = 365 * 86_400;
/** Bytes of its form. */
const LIMIT = 1024;

/** What the browser says that its reader chose; what cannot be read counts as not chosen. */
export function readPreferences(headers: Headers): Preferences {
  const cookie = headers.get("cookie") ?? "";
  const said = (name: string) => new RegExp(`(?:^|;) *${name}=([^;]*)`).exec(cookie)?.[1];
  return {
    theme: THEMES.find((theme) => theme === said("headwind-theme")) ?? USUAL.theme,
    refreshes: said("headwind-refresh") !== "off",
  };
}

/** Cookies that keep what a form says; none for what it says otherwise. They are no secret, and are read on the server alone. */
function preferenceCookies(form: URLSearchParams): string[] {
  const [theme, refresh] = [form.get("theme"), form.get("refresh")];
  const kept: [string, string][] = [];
  if (THEMES.some((known) => known === theme)) kept.push(["headwind-theme", theme!]);
  if (refresh === "on" || refresh === "off") kept.push(["headwind-refresh", refresh]);
  return kept.map(([name, value]) => `${name}=${value}; Path=/; Max-Age=${YEAR}; HttpOnly; SameSite=Lax`);
}

/** Keeps what a form says, and leads back to where it stood. */
export async function keepPreferences(request: Request): Promise<Response> {
  const headers = new Headers({ location: safeNext(pageOf(request.headers.get("referer"))) });
  for (const cookie of preferenceCookies(await readForm(request, LIMIT))) {
    headers.append("set-cookie", cookie);
  }
  return new Response(null, { status: 303, headers });
}

const looks = {
  system: { icon: "device-desktop", word: "as the system has it" },
  dark: { icon: "moon", word: "dark" },
  light: { icon: "sun", word: "light" },
} as const satisfies Record<Preferences["theme"], { icon: IconName; word: string }>;

/** The switches in the head of each page; that of the stream where the page has one. */
export function preferenceForms({ theme, refreshes }: Preferences, hasStream: boolean): Html {
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  const label = `Colours: ${looks[theme].word}. Change to: ${looks[next].word}`;
  const refresh = refreshes ? "off" : "on";
  const stream = html`
    <form method="post" action="/preferences" class="moves">
      <button class="plain" name="refresh" value="${refresh}"
        title="${refreshes
          ? "Pages move by themselves; stop it"
          : "Pages stand still; let them move by themselves"}">${icon(
            refreshes ? "pause" : "play",
          )}<span>Auto-refresh ${refreshes ? "on" : "off"}</span></button>
    </form>
  `;
  return html`
    ${hasStream ? stream : ""}
    <form method="post" action="/preferences">
      <button class="plain" name="theme" value="${next}" title="${label}"
        aria-label="${label}">${icon(looks[theme].icon)}</button>
    </form>
  `;
}
