/** Where to go on after signing in: a page of the dashboard's own, else its first. */
export function safeNext(next: string | null | undefined): string {
  const first = "/";
  if (!next || next.length > LONGEST || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || next.includes("\\")) return first;
  const url = URL.parse(next, ORIGIN);
  // a path of dots can be resolved to one that begins with the name of another host
  if (
    !url || url.origin !== ORIGIN || url.pathname.startsWith("//") ||
    /^\/(?:login|logout|live)(?:\/|$)/.test(url.pathname)
  ) return first;
  return url.pathname + url.search;
}

/** The page where one signs in and comes back from. */
export function loginFor(next: string | null | undefined): string {
  const path = safeNext(next);
  return path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`;
}

/** What a browser says of the page that a part of it, or a form on it, was asked from: its path, whatever its host is called. */
export function pageOf(address: string | null): string | undefined {
  const url = address === null ? null : URL.parse(address);
  return url ? url.pathname + url.search : undefined;
}

const ORIGIN = "http://localhost";
const LONGEST = 2048;
