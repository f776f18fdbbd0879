import { readCheckAnnotations, type RequestedCheck } from "./check_annotations.ts";
import type { CheckAccess, CheckPlugin, CheckReading, CheckSubject } from "../plugin.ts";
import type { PluginHost } from "../host/plugin_host.ts";
import { createPool } from "../lib/pool.ts";
import type { CheckAnnotations } from "../workloads/project.ts";
import { redactAddresses } from "../telemetry/redact.ts";
import { isAlreadyExists, isNotFound, type KubeClient } from "../kube/client.ts";

export interface ChecksOptions {
  host: Pick<PluginHost, "of" | "context" | "guarded">;
  /** The API server for one reading, which ends with the signal. */
  access(signal: AbortSignal): CheckAccess;
  /**
   * How long one reading may take.
   *
   * @default 15_000
   */
  timeoutMs?: number;
  /** Ends the readings in hand: `read` then rejects with its reason, since nothing is known. */
  signal: AbortSignal;
}

export interface NamedCheckReading {
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
  ): Promise<NamedCheckReading[]>;
}

const MAX_MESSAGE_LENGTH = 500;

const MAX_AT_ONCE = 64;
const MAX_OF_NAMESPACE = 8;

/** The checks of these plugins. */
export function createChecks({ host, access, timeoutMs = 15_000, signal }: ChecksOptions): Checks {
  const annotationsOf = readCheckAnnotations(host.of("check"));
  const pool = createPool({ most: MAX_AT_ONCE, mostOfNamespace: MAX_OF_NAMESPACE, timeoutMs, signal });

  async function readNow(plugin: CheckPlugin, subject: CheckSubject, own?: AbortSignal): Promise<CheckReading> {
    const context = host.context(plugin);
    const { namespace } = subject.workload;
    try {
      const read = async (signal: AbortSignal) =>
        validReading(await plugin.read(subject, { ...context, ...access(signal) }, signal));
      return await pool.run({ namespace }, (signal) => host.guarded(plugin, { signals: [signal] }, read), own);
    } catch (error) {
      signal.throwIfAborted();
      own?.throwIfAborted();
      context.log.debug("a check failed to read", { updateRequest: subject.updateRequest.name, error });
      return {
        state: "failing",
        message: cut(redactAddresses(error instanceof Error ? error.message : String(error))),
      };
    }
  }

  async function readAsked(asked: RequestedCheck, base: Omit<CheckSubject, "annotations">, own?: AbortSignal) {
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
function validReading(reading: CheckReading): CheckReading {
  const { state, message } = (reading ?? {}) as Partial<CheckReading>;
  if (state !== "ok" && state !== "waiting" && state !== "failing") throw new Error("the check gave no reading");
  return { state, message: cut(String(message ?? "")) };
}

const cut = (text: string): string =>
  text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : text;

/** The API server as checks see it. Every request ends with the signal. Paths that are no plain path of the API are refused. */
export function createCheckAccess(client: KubeClient, signal: AbortSignal): CheckAccess {
  return {
    async get<T>(path: string): Promise<T | undefined> {
      try {
        return await client.request<T>("GET", ofTheApi(path), { signal });
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async create(path, object) {
      try {
        await client.request("POST", ofTheApi(path), { body: object, signal });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    },
  };
}

/** `.` and `..`, also as `%2e`, a query and a fragment would lead elsewhere than the path says. */
function ofTheApi(path: string): string {
  if (!/^\/apis?\/./.test(path) || new URL(path, "http://localhost").pathname !== path) {
    throw new Error(`${path} is no path of an object: it begins with /api/ or /apis/ and has no query`);
  }
  return path;
}
