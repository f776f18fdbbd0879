import type { Workload } from "./workload.ts";
import { keyOf } from "./index.ts";
import type { KubeEvent } from "../kube/events.ts";
import type { Log } from "../plugin.ts";
import { mistakesEvent } from "./mistakes.ts";

export interface TellMistakesOptions {
  record(event: KubeEvent): Promise<void>;
  /** Of each mistake, the first time that it is told. */
  onMistake(annotation: string): void;
  /** This replica's name. */
  identity: string;
  now(): Date;
  log: Log;
}

/** Tells once of each set of mistakes in a workload's annotations: by an Event, a log line and a metric. */
export function createMistakeTeller(options: TellMistakesOptions): (workload: Workload) => void {
  const told = new Set<string>();
  return (workload) => {
    const { mistakes, doubts } = workload;
    if (mistakes.length === 0 && doubts.length === 0) return;
    const event = mistakesEvent(workload, options.now(), options.identity);
    if (told.has(event.metadata.name)) return;
    told.add(event.metadata.name);
    for (const { annotation } of [...mistakes, ...doubts]) options.onMistake(annotation);
    options.log.warn("annotations cannot be read", { workload: keyOf(workload), mistakes, doubts });
    void options.record(event);
  };
}
