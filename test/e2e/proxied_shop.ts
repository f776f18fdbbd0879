import type { Operator } from "../support/operator.ts";
import type { Proxy } from "../support/proxy.ts";
import type { Place } from "./place.ts";
import { openSetting, type Setting } from "./setting.ts";
import { openShop, type Shop } from "./shop.ts";

/** A shop whose operator asks the API server through a proxy. */
export interface ProxiedShop {
  setting: Setting;
  place: Place;
  proxy: Proxy;
  shop: Shop;
  /** The one that runs now. */
  operator(): Operator;
  /** Kills it and starts another at the same ports. */
  restart(whileAway?: () => Promise<void>): Promise<void>;
}

/** `name` is the beginning of the namespace's. The setting's `stop` ends all of it. */
export async function openProxiedShop(name: string): Promise<ProxiedShop> {
  const setting = await openSetting(name);
  try {
    return await openIn(setting);
  } catch (error) {
    await setting.stop();
    throw error;
  }
}

async function openIn(setting: Setting): Promise<ProxiedShop> {
  const [place, proxy] = await Promise.all([setting.place(), setting.proxy()]);
  let operator = await setting.operator(place, { kubeconfig: proxy.kubeconfig });
  return {
    setting,
    place,
    proxy,
    shop: openShop(place, () => operator),
    operator: () => operator,
    async restart(whileAway) {
      operator.kill();
      await whileAway?.();
      operator = await setting.operator(place, { kubeconfig: proxy.kubeconfig, ports: operator.ports });
    },
  };
}
