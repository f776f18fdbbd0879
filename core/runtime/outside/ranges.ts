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
 * Whether an address is in one of these ranges. One of IPv4 is found in its forms within IPv6 too: mapped (`::ffff:…`), and behind NAT64.
 * Throws for a text that is no range.
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
