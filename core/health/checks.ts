import { type AskedCheck, readCheckAnnotations } from "./check_annotations.ts";
import type { CheckAccess, CheckPlugin, CheckReading, CheckSubject } from "../plugin.ts";
import type { PluginHost } from "../host/host.ts";
import { createPool } from "../lib/pool.ts";
import type { CheckAnnotations } from "../workloads/project.ts";
import { withoutAddresses } from "../runtime/outside/without_addresses.ts";

export interface ChecksOptions {
  host: Pick<PluginHost, "of" | "context" | "guarded">;
  /** The API server for one reading, which ends with the signal. */
  access(signal: AbortSignal): CheckAccess;
  /** How long one reading may take. Default 15 000. */
  timeoutMs?: number;
  /** Ends the readings in hand: `read` then rejects with its reason, since nothing is known. */
  signal: AbortSignal;
}

export interface NamedReading {
  /** The plugin's name. */
  name: string;
  reading: CheckReading;
}

export interface Checks extends CheckAnnotations {
  /**
   * Reads the checks that the annotations (with their prefix) ask for, all at the same time, as far as there is room: namespaces take
   * turns. Annotations that cannot be read, and a throw, are `failing`. Rejects with the reason of `signal` once that is aborted.
   */
  read(
    subject: Omit<CheckSubject, "annotations">,
    annotations: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<NamedReading[]>;
}

const longestMessage = 500;

const mostAtOnce = 64;
const mostOfNamespace = 8;

/** The checks of these plugins. */
export function createChecks({ host, access, timeoutMs = 15_000, signal }: ChecksOptions): Checks {
  const annotationsOf = readCheckAnnotations(host.of("check"));
  const pool = createPool({ most: mostAtOnce, mostOfNamespace, timeoutMs, signal });

  async function readNow(plugin: CheckPlugin, subject: CheckSubject, own?: AbortSignal): Promise<CheckReading> {
    const context = host.context(plugin);
    const { namespace } = subject.workload;
    try {
      const read = async (signal: AbortSignal) =>
        sound(await plugin.read(subject, { ...context, ...access(signal) }, signal));
      return await pool.run({ namespace }, (signal) => host.guarded(plugin, { signals: [signal] }, read), own);
    } catch (error) {
      signal.throwIfAborted();
      own?.throwIfAborted();
      context.log.debug("a check failed to read", { updateRequest: subject.updateRequest.name, error });
      return {
        state: "failing",
        message: cut(withoutAddresses(error instanceof Error ? error.message : String(error))),
      };
    }
  }

  async function readAsked(asked: AskedCheck, base: Omit<CheckSubject, "annotations">, own?: AbortSignal) {
    if ("mistakes" in asked) {
      return { state: "failing", message: cut(asked.mistakes.map((one) => one.message).join("; ")) } as const;
    }
    return await readNow(asked.plugin, { ...base, annotations: asked.annotations }, own);
  }

  return {
    async read(base, annotations, signal) {
      return await Promise.all(
        annotationsOf.asked(annotations).map(async (asked) => ({
          name: asked.plugin.name,
          reading: await readAsked(asked, base, signal),
        })),
      );
    },
    has: annotationsOf.has,
    pick: annotationsOf.pick,
    mistakes: (annotations) =>
      annotationsOf.asked(annotations).flatMap((asked) => "mistakes" in asked ? asked.mistakes : []),
  };
}

/** A reading as the contract wants it; throws on anything else, since a stranger wrote it. */
function sound(reading: CheckReading): CheckReading {
  const { state, message } = (reading ?? {}) as Partial<CheckReading>;
  if (state !== "ok" && state !== "waiting" && state !== "failing") throw new Error("the check gave no reading");
  return { state, message: cut(String(message ?? "")) };
}

const cut = (text: string): string => text.length > longestMessage ? `${text.slice(0, longestMessage - 1)}…` : text;
