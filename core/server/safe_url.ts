import { isLoopback } from "../registry/plain_http.ts";

/** Whether what is read from a URL cannot be forged on its way: https, or http from this machine itself. */
export function isSafeUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === "https:" || (parsed?.protocol === "http:" && isLoopback(parsed.host));
}
