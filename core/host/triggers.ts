import type { Host } from "./context.ts";
import { idOf } from "./load.ts";
import type { Log, TriggerContext, TriggerPlugin } from "../plugin.ts";
import { pause } from "../kube/pause.ts";

const firstWait = 1_000;
const longestWait = 300_000;

/** Runs the loop of every trigger until the signal is aborted. One that fails is started again, later each time. */
export async function runTriggers(
  host: Host,
  contextOf: (plugin: TriggerPlugin) => TriggerContext,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(host.of("trigger").filter(({ run }) => run).map((plugin) => keepRunning(plugin)));

  async function keepRunning(plugin: TriggerPlugin): Promise<void> {
    for (let wait = firstWait; !signal.aborted; wait = Math.min(wait * 2, longestWait)) {
      try {
        await host.guarded(plugin, () => plugin.run!(contextOf(plugin), signal));
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.error("a trigger failed and starts again", { plugin: idOf(plugin), error, seconds: wait / 1000 });
        await pause(wait, signal).catch(() => {});
      }
    }
  }
}
