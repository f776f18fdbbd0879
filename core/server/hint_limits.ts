import { createRateLimit } from "../lib/rate_limit.ts";
import { TooManyRequests } from "../lib/retryable.ts";

/** Takes a hint's place in its sender's allowance, and in that of all. Throws `TooManyRequests` where there is none. */
export type HintLimits = (sender: string | undefined) => void;

/** 60 at once and one each second from one address, 300 and five from all. */
export function createHintLimits(now: () => number = () => performance.now()): HintLimits {
  const ofSender = createRateLimit({ burst: 60, perSecond: 1, now });
  const ofAll = createRateLimit({ burst: 300, perSecond: 5, now });
  return (address) => {
    const wait = ofSender.take(address === undefined ? "" : networkOf(address)) || ofAll.take();
    if (wait > 0) throw new TooManyRequests("too many webhooks that prove nothing", wait);
  };
}

/** An IPv4 address; of IPv6 its first 64 bits, since a sender has all that follow. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, "").replace(/%.*$/, "");
  if (!plain.includes(":")) return plain;
  const [before = [], after = []] = plain.toLowerCase().split("::").map((part) => part.match(/[^:]+/g) ?? []);
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":");
}
