import { type AskedCheck, readCheckAnnotations } from "./check_annotations.ts";
import type { CheckAccess, CheckPlugin, CheckReading, CheckSubject } from "../plugin.ts";
import type { Host } from "../host/context.ts";
import { limited } from "./limited.ts";
import type { Mistake } from "../annotations.ts";

export interface ChecksOptions {
  host: Pick<Host, "of" | "context" | "guarded">;
  /** The API server for one reading, which ends with the signal. */
  access(signal: AbortSignal): CheckAccess;
  /** Milliseconds between two readings of one check for one UpdateRequest. */
  interval: number;
  /** How long one reading may take. Default 15 000. */
  timeoutMs?: number;
  /** Ends the readings in hand: `read` then rejects with its reason, since nothing is known. */
  signal: AbortSignal;
  /** Milliseconds. */
  now(): number;
}

export interface NamedReading {
  /** The plugin's name. */
  name: string;
  reading: CheckReading;
}

export interface Checks {
  /**
   * Reads the checks that the annotations (with their prefix) ask for, all at the same time. A reading that is younger than
   * the interval is given again. Annotations that cannot be read, and a throw, are `failing`.
   */
  read(subject: Omit<CheckSubject, "annotations">, annotations: Record<string, string>): Promise<NamedReading[]>;
  /** Whether these annotations ask for any check. */
  has(annotations: Record<string, string>): boolean;
  /** Only the annotations of checks, so that the others need not be kept. */
  pick(annotations: Record<string, string>): Record<string, string>;
  /** What of them cannot be read, so that it can be told before there is anything to check. */
  mistakes(annotations: Record<string, string>): Mistake[];
  /** Lets go of what is known of an UpdateRequest, by its uid. */
  forget(uid: string): void;
}

interface Known {
  /** When it was begun. */
  at: number;
  /** Of what it is the reading. */
  about: string;
  reading: Promise<CheckReading>;
}

const longestMessage = 500;

/** The checks of these plugins, each read no more often than once per interval. */
export function createChecks({ host, access, interval, timeoutMs = 15_000, signal, now }: ChecksOptions): Checks {
  const annotationsOf = readCheckAnnotations(host.of("check"));
  const known = new Map<string, Map<CheckPlugin, Known>>();

  async function readNow(plugin: CheckPlugin, subject: CheckSubject): Promise<CheckReading> {
    const context = host.context(plugin);
    try {
      return await host.guarded(
        plugin,
        () =>
          limited(
            timeoutMs,
            signal,
            async (signal) => sound(await plugin.read(subject, { ...context, ...access(signal) }, signal)),
          ),
      );
    } catch (error) {
      signal.throwIfAborted();
      context.log.debug("a check failed to read", { updateRequest: subject.updateRequest.name, error });
      return { state: "failing", message: cut(error instanceof Error ? error.message : String(error)) };
    }
  }

  function readOnce(asked: AskedCheck, base: Omit<CheckSubject, "annotations">): Promise<CheckReading> {
    if ("mistakes" in asked) {
      return Promise.resolve({ state: "failing", message: cut(asked.mistakes.map((one) => one.message).join("; ")) });
    }
    const { plugin, annotations } = asked;
    const { uid } = base.updateRequest;
    const readings = known.get(uid) ?? new Map<CheckPlugin, Known>();
    known.set(uid, readings);
    const about = JSON.stringify([annotations, base.container, base.image, base.appliedAt]);
    const last = readings.get(plugin);
    const at = now();
    // nine tenths: the timer for the next reading may be a little early
    if (last && last.about === about && at - last.at < interval * 0.9) return last.reading;
    const reading = readNow(plugin, { ...base, annotations });
    readings.set(plugin, { at, about, reading });
    return reading;
  }

  return {
    async read(base, annotations) {
      return await Promise.all(
        annotationsOf.asked(annotations).map(async (asked) => ({
          name: asked.plugin.name,
          reading: await readOnce(asked, base),
        })),
      );
    },
    has: annotationsOf.has,
    pick: annotationsOf.pick,
    mistakes: (annotations) =>
      annotationsOf.asked(annotations).flatMap((asked) => "mistakes" in asked ? asked.mistakes : []),
    forget: (uid) => void known.delete(uid),
  };
}

/** A reading as the contract wants it; throws on anything else, since a stranger wrote it. */
function sound(reading: CheckReading): CheckReading {
  const { state, message } = (reading ?? {}) as Partial<CheckReading>;
  if (state !== "ok" && state !== "waiting" && state !== "failing") throw new Error("the check gave no reading");
  return { state, message: cut(String(message ?? "")) };
}

const cut = (text: string): string => text.length > longestMessage ? `${text.slice(0, longestMessage - 1)}…` : text;
