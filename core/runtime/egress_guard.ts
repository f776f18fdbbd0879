import { abortable, endsWithin } from "../lib/delay.ts";
import { createAnswerCache } from "../lib/answer_cache.ts";
import { createLru } from "../lib/lru.ts";
import { BlockList, isIP } from "node:net";

/** Addresses that belong to no place that a workload may name, whatever stands there. */
export const REFUSED = [
  // this host, and what is no single address
  ...["0.0.0.0/8", "::/128", "224.0.0.0/4", "255.255.255.255/32", "ff00::/8"],
  // link-local, with the metadata services of most clouds
  ...["169.254.0.0/16", "fe80::/10"],
  // the metadata services of Alibaba, Azure and, over IPv6, Amazon, Google and Oracle
  ...["100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128"],
  // an IPv4 address within one of 6to4 or Teredo, whose relays nobody needs
  ...["2002::/16", "2001::/32"],
] as const;

/** This machine itself. */
export const LOOPBACK = ["127.0.0.0/8", "::1/128"] as const;

/** By which IPv6-only networks reach IPv4 addresses (RFC 6052, RFC 8215). */
const NAT64 = ["64:ff9b::", "64:ff9b:1::"] as const;

export interface Range {
  address: string;
  /** Bits. */
  prefix: number;
  family: "ipv4" | "ipv6";
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; undefined for anything else. */
export function parseRange(text: string): Range | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
  if (version === 0 || rest.length > 0 || !(prefix <= most)) return undefined;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/**
 * Whether an address is in one of these ranges. One of IPv4 is found in its forms within IPv6 too: mapped (`::ffff:…`),
 * and behind NAT64.
 *
 * @throws for a text that is no range
 */
export function rangesOf(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of texts) {
    const range = parseRange(text);
    if (!range) throw new Error(`${text} is no address and no range of them, such as 10.0.0.0/8`);
    list.addSubnet(range.address, range.prefix, range.family);
    if (range.family === "ipv6") continue;
    for (const before of NAT64) list.addSubnet(`${before}${range.address}`, 96 + range.prefix, "ipv6");
  }
  return (address) => list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}

/** Why an address that a workload names is not asked. For an administrator: to a workload it is told like any that does not answer. */
export class RefusedAddress extends Error {
  override name = "RefusedAddress";
}

export interface Address {
  address: string;
  family: 4 | 6;
}

export interface Checked {
  addresses: readonly Address[];
  named: boolean;
}

/** Where the names that workloads give may lead: images' registries, token services, Helm repositories, checks, redirects. */
export interface AddressGuard {
  /**
   * The addresses that a URL leads to, all of which may be asked. `named` where they were found by a name, so that it could lead elsewhere
   * when it is asked for again. Rejects with `RefusedAddress`, and with the resolver's error where there is none.
   */
  check(url: URL, signal?: AbortSignal): Promise<Checked>;
  /** The same for a name alone, whatever the port. */
  resolve(name: string): Promise<readonly Address[]>;
}

/** What answers where nobody but this operator may ask. */
export interface Endpoint {
  host: string;
  port: number;
}

export interface GuardOptions {
  /** Whether this machine's own addresses may be asked. */
  loopback: boolean;
  /** Ranges that may be asked though they are refused otherwise. */
  allowed: readonly string[];
  /** The API server, and this operator's own ports: never asked. */
  endpoints: readonly Endpoint[];
  /** Names that are asked at no time at this port, whatever they lead to. */
  refusedNames?: (name: string, port: number) => boolean;
  /** Whether names that this machine cannot resolve are left to a proxy. */
  proxied?: boolean;
  lookup?: (name: string) => Promise<readonly Address[]>;
  /** Milliseconds. */
  now?: () => number;
}

const KEPT = 1_000;
const KEPT_MS = 10_000;
const PATIENCE_MS = 10_000;

export function createAddressGuard(options: GuardOptions): AddressGuard {
  const {
    loopback,
    allowed,
    endpoints,
    refusedNames,
    proxied = false,
    lookup = systemLookup,
    now = () => performance.now(),
  } = options;
  const isAllowed = rangesOf(allowed);
  const isRefused = rangesOf(loopback ? REFUSED : [...REFUSED, ...LOOPBACK]);
  const passed = createLru<{ checked: Checked; until: number }>(KEPT);
  const resolved = createAnswerCache<readonly Address[]>(KEPT_MS, KEPT, { now });

  /** A resolver that hangs is waited for no longer than `PATIENCE_MS`, nor than the signal says. */
  async function find(name: string, signal?: AbortSignal): Promise<readonly Address[]> {
    const addresses = addressesOf(name);
    if (await endsWithin(PATIENCE_MS, abortable(addresses, signal))) return await addresses;
    throw new Error("the resolver gives no answer");
  }

  function addressesOf(name: string): Promise<readonly Address[]> {
    const version = isIP(name);
    if (version !== 0) return Promise.resolve([{ address: name, family: version === 4 ? 4 : 6 }]);
    return resolved(name, () => lookup(name));
  }

  async function resolve(name: string, signal?: AbortSignal): Promise<readonly Address[]> {
    const addresses = await find(name, signal);
    for (const { address } of addresses) {
      if (isRefused(address) && !isAllowed(address)) {
        throw new RefusedAddress(`${name} is ${address}, which is not asked`);
      }
    }
    return addresses;
  }

  async function refuseEndpoints(
    name: string,
    addresses: readonly Address[],
    port: number,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const endpoint of endpoints) {
      if (endpoint.port !== port) continue;
      const own = endpoint.host === name ? addresses : await find(endpoint.host, signal).catch(() => []);
      signal?.throwIfAborted();
      const isOwn = rangesOf(own.map(({ address }) => address));
      if (addresses.some(({ address }) => isOwn(address))) {
        throw new RefusedAddress(`${name}, port ${port}, is the API server or this operator`);
      }
    }
  }

  async function look(name: string, port: number, signal?: AbortSignal): Promise<Checked> {
    if (refusedNames?.(name, port)) throw new RefusedAddress(`${name}, port ${port}, is this operator`);
    const named = isIP(name) === 0;
    const addresses = await resolve(name, signal).catch((error) => {
      if (!proxied || !named || signal?.aborted || error instanceof RefusedAddress) throw error;
      return [];
    });
    await refuseEndpoints(name, addresses, port, signal);
    return { addresses, named: named && !proxied };
  }

  return {
    async check(url, signal) {
      const [name, port] = [hostOf(url), portOf(url)];
      const key = `${name} ${port}`;
      const known = passed.get(key);
      if (known && known.until > now()) return known.checked;
      const until = now() + KEPT_MS;
      const checked = await look(name, port, signal);
      passed.set(key, { checked, until });
      return checked;
    },
    resolve,
  };
}

/** Without brackets and the root's dot. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

export const portOf = ({ port, protocol }: URL): number =>
  port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);

async function systemLookup(name: string): Promise<readonly Address[]> {
  const { lookup } = await import("node:dns/promises");
  return (await lookup(name, { all: true })) as Address[];
}
