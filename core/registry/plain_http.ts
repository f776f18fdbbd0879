/** Whether plain http may be used for a host, given as `host` or `host:port`. */
export type MayBePlain = (host: string) => boolean;

/** Plain http is for loopback addresses, and for the hosts named (`host` or `host:port`, compared as a whole). */
export function plainHttpHosts(named: readonly string[]): MayBePlain {
  const hosts = new Set(named.map((host) => host.trim().toLowerCase()));
  return (host) => hosts.has(host.toLowerCase()) || isLoopback(host);
}

/** Whether `host` or `host:port` is `localhost`, in 127.0.0.0/8, or `[::1]`. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Whether what is read from a URL cannot be forged on its way: https, or http from this machine itself. */
export function isSafeUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === "https:" || (parsed?.protocol === "http:" && isLoopback(parsed.host));
}
