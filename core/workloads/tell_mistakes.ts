import { shownName, type Workload } from "./workload.ts";
import type { KubeEvent } from "../kube/events.ts";
import type { Log } from "../plugin.ts";
import { mistakesEvents, workloadEvent } from "./mistakes.ts";

export interface TellMistakesOptions {
  record(event: KubeEvent): Promise<void>;
  /** Of each mistake, the first time that it is told. */
  onMistake(annotation: string): void;
  /** This replica's name. */
  identity: string;
  now(): Date;
  log: Log;
}

/** Tells once of each thing that is wrong with a workload: by an Event and a log line, and of annotations by a metric. */
export interface MistakeTeller {
  /** Of its annotations, and of what it refers to. */
  tell(workload: Workload): void;
  /** Of what was found when its versions were looked for. */
  warn(workload: Workload, reason: string, message: string): void;
}

const mostTold = 100_000;

export function createMistakeTeller(options: TellMistakesOptions): MistakeTeller {
  /** The hashes that the Events' names end with, as numbers: a name would be kept with all of its text. */
  const told = new Set<bigint>();
  const isNew = ({ metadata }: KubeEvent) => {
    const hash = BigInt(`0x${metadata.name.slice(metadata.name.lastIndexOf(".") + 1)}`);
    if (told.has(hash)) return false;
    if (told.size >= mostTold) told.clear();
    told.add(hash);
    return true;
  };
  const say = (workload: Workload, event: KubeEvent) => {
    const level = event.type === "Warning" ? "warn" : "info";
    options.log[level]("about a workload", {
      workload: shownName(workload),
      reason: event.reason,
      message: event.message,
    });
    void options.record(event);
  };
  return {
    tell(workload) {
      const { mistakes, doubts, notes } = workload;
      if (mistakes.length === 0 && doubts.length === 0 && notes.length === 0) return;
      const events = mistakesEvents(workload, options.now(), options.identity);
      const [ofAnnotations] = mistakes.length + doubts.length > 0 ? events : [];
      for (const event of events.filter(isNew)) {
        say(workload, event);
        if (event !== ofAnnotations) continue;
        for (const { annotation } of [...mistakes, ...doubts]) options.onMistake(annotation);
      }
    },
    warn(workload, reason, message) {
      const { identity: instance } = options;
      const event = workloadEvent(workload, { type: "Warning", reason, message, now: options.now(), instance });
      if (isNew(event)) say(workload, event);
    },
  };
}
