import { isIP } from "node:net";
import { type Config, createRateLimit, rangesOf } from "../../../core/web.ts";

/** How often may be tried to sign in. */
export interface LoginLimits {
  /** Takes a try, and gives 0; or gives the seconds until there is one again. */
  take(request: Request, address: string | undefined): number;
}

/** Of one address: ten at once, then one in six seconds. */
const ADDRESS = { burst: 10, perSecond: 1 / 6, keys: 4096 };
/** Of all together, since each is a question to somebody else. */
const ALL = { burst: 100, perSecond: 5 };

/** Of each address and of all together. Behind proxies that the settings trust, the address is that which the last of them saw. */
export function createLoginLimits(
  { HEADWIND_UI_TRUSTED_PROXIES: proxies }: Pick<Config, "HEADWIND_UI_TRUSTED_PROXIES">,
  now?: () => number,
): LoginLimits {
  const inRange = rangesOf(proxies);
  const isProxy = (address: string) => isIP(address) !== 0 && inRange(address);
  const clock = now ? { now } : {};
  const [ofAddress, ofAll] = [createRateLimit({ ...ADDRESS, ...clock }), createRateLimit({ ...ALL, ...clock })];
  return {
    take(request, address = "") {
      const asker = askerOf(request.headers, address, isProxy);
      // one that is over its own does not count against the others
      return ofAddress.take(neighbourhood(asker)) || ofAll.take();
    },
  };
}

/** Who asks: of the addresses that proxies wrote down, the last that is no proxy itself. */
function askerOf(headers: Headers, address: string, isProxy: (address: string) => boolean): string {
  const passed = (headers.get("x-forwarded-for") ?? "").split(",").map((part) => part.trim()).filter((part) =>
    part !== ""
  );
  let asker = address;
  while (passed.length > 0 && isProxy(asker)) asker = passed.pop()!;
  return asker;
}

/** Of IPv6 the network (/64): whoever has one address there has all of them. */
function neighbourhood(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [before = [], after = []] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...zeros, ...after].slice(0, 4).join(":");
}
