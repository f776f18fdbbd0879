import { displayName, targetOf, type Workload } from "./workload.ts";
import { type KubeEvent, kubeEvent } from "../kube/events.ts";
import type { Log } from "../plugin.ts";

export interface WorkloadEventRecorderOptions {
  record(event: KubeEvent): void;
  /** Of each mistake, the first time that it is told. */
  onMistake(annotation: string): void;
  /** This replica's name. */
  identity: string;
  now(): Date;
  log: Log;
}

/** Tells once of each thing that is wrong with a workload: by an Event and a log line, and of annotations by a metric. */
export interface WorkloadEventRecorder {
  /** Of its annotations, and of what it refers to. */
  recordProblems(workload: Workload): void;
  /** Of what was found when its versions were looked for. */
  warn(workload: Workload, reason: string, message: string): void;
}

const MAX_RECORDED = 100_000;

export function createWorkloadEventRecorder(options: WorkloadEventRecorderOptions): WorkloadEventRecorder {
  /** The hashes that the Events' names end with, as numbers: a name would be kept with all of its text. */
  const told = new Set<bigint>();
  const isNew = ({ metadata }: KubeEvent) => {
    const hash = BigInt(`0x${metadata.name.slice(metadata.name.lastIndexOf(".") + 1)}`);
    if (told.has(hash)) return false;
    for (const oldest of told) {
      if (told.size < MAX_RECORDED) break;
      told.delete(oldest);
    }
    told.add(hash);
    return true;
  };
  const say = (workload: Workload, event: KubeEvent) => {
    const level = event.type === "Warning" ? "warn" : "info";
    options.log[level]("about a workload", {
      workload: displayName(workload),
      reason: event.reason,
      message: event.message,
    });
    options.record(event);
  };
  return {
    recordProblems(workload) {
      const { mistakes, warnings, notes } = workload;
      if (mistakes.length === 0 && warnings.length === 0 && notes.length === 0) return;
      const events = problemEvents(workload, options.now(), options.identity);
      const [ofAnnotations] = mistakes.length + warnings.length > 0 ? events : [];
      for (const event of events.filter(isNew)) {
        say(workload, event);
        if (event !== ofAnnotations) continue;
        for (const { annotation } of [...mistakes, ...warnings]) options.onMistake(annotation);
      }
    },
    warn(workload, reason, message) {
      const { identity: instance } = options;
      const event = workloadEvent(workload, { type: "Warning", reason, message, now: options.now(), instance });
      if (isNew(event)) say(workload, event);
    },
  };
}

/**
 * The Events that tell what keeps a workload from being looked after as it asks: its annotations cannot be read, or are
 * read in another way than they are written, or what it refers to is not there. One for each, however often told.
 */
export function problemEvents(workload: Workload, now: Date, instance: string): KubeEvent[] {
  const { mistakes, warnings, notes, annotations } = workload;
  const event = (type: "Normal" | "Warning", reason: string, message: string) =>
    workloadEvent(workload, { type, reason, message, now, instance });
  const isManaged = annotations.policy !== undefined;
  const what = mistakes.length > 0 || !isManaged ? "left alone: " : "";
  const said = [...mistakes, ...warnings].map(({ message }) => message).join("; ");
  return [
    ...(said ? [event("Warning", "InvalidAnnotation", what + said)] : []),
    ...notes.filter(({ passing }) => isManaged && !passing).map(({ type, reason, message }) =>
      event(type, reason, message)
    ),
  ];
}

/** An Event on a workload; the same text makes the same Event, or the same `id` where there is one. */
export function workloadEvent(
  workload: Workload,
  event:
    & Pick<Parameters<typeof kubeEvent>[0], "type" | "reason" | "message" | "now" | "instance" | "annotations">
    & { id?: string },
): KubeEvent {
  return kubeEvent({ id: event.message, ...event, object: { ...targetOf(workload), uid: workload.uid } });
}
