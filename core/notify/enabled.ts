import { type Host, idOf } from "../host/host.ts";
import type { Log, NotifierPlugin } from "../plugin.ts";

/** The notifiers whose settings ask for deliveries. One that fails to tell is left out, and the log says so. */
export function enabledNotifiers(host: Host, log: Log): NotifierPlugin[] {
  return host.of("notifier").filter((plugin) => {
    try {
      return plugin.enabled(host.context(plugin).settings);
    } catch (error) {
      log.error("a notifier failed and is left out", { plugin: idOf(plugin), error });
      return false;
    }
  });
}
