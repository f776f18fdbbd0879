import { idOf, type PluginHost } from "./plugin_host.ts";
import type { Log, TriggerContext, TriggerPlugin } from "../plugin.ts";
import { delay } from "../lib/delay.ts";

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 300_000;

/**
 * Runs the loop of every trigger until the signal is aborted. One that fails is started again, later each time; one that does not
 * end within `graceMs` then is left. `contextOf` is given a signal too: nothing may come of what is reported once that is aborted.
 */
export async function runTriggers(
  host: PluginHost,
  contextOf: (plugin: TriggerPlugin, over: AbortSignal) => TriggerContext,
  log: Log,
  signal: AbortSignal,
  graceMs = 4_000,
): Promise<void> {
  await Promise.all(host.of("trigger").filter(({ run }) => run).map((plugin) => keepRunning(plugin)));

  async function keepRunning(plugin: TriggerPlugin): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, MAX_WAIT_MS)) {
      const over = new AbortController();
      const close = () => over.abort(new Error(`the loop of ${idOf(plugin)} is over`));
      let running = true;
      const run = (signal: AbortSignal) =>
        Promise.resolve(plugin.run!(contextOf(plugin, over.signal), signal)).finally(() => running = false);
      try {
        await host.guarded(plugin, { signals: [signal], graceMs }, run);
        // what it began may go on to report
        if (signal.aborted) close();
        else signal.addEventListener("abort", close, { once: true });
        return;
      } catch (error) {
        close();
        if (signal.aborted) {
          if (running) {
            log.warn("a trigger does not end and is left", { plugin: idOf(plugin), seconds: graceMs / 1000 });
          }
          return;
        }
        log.error("a trigger failed and starts again", { plugin: idOf(plugin), error, seconds: wait / 1000 });
        await delay(wait, signal).catch(() => {});
      }
    }
  }
}
