import * as z from "zod";
import * as assert from "uvu/assert";
import { createChecks } from "../../core/health/checks.ts";
import type { Environment } from "../../core/runtime/process.ts";
import type { Fetch } from "../../core/runtime/fetch.ts";
import { hosted } from "./hosted.ts";
import { PREFIX } from "../../core/workloads/annotations.ts";
import type { CheckAccess, CheckPlugin, CheckReading, CheckSubject } from "../../core/plugin.ts";

/** Without `headwind.sh/`. */
export type Annotations = Readonly<Record<string, string>>;

/** What a check has around it. */
export interface Surroundings {
  /** The environment that it reads its settings from. */
  env?: Environment;
  /** Secrets in that environment, in annotations, or in what it is answered. */
  secrets?: string[];
  /** The API server, for a check that asks it. */
  access?(signal: AbortSignal): CheckAccess;
  /** A stored UpdateRequest, another one each time, for a check that needs one. */
  updateRequest?(): Promise<CheckSubject["updateRequest"]>;
}

/** A check in a process of its own: nothing is known from before. */
export interface Asked {
  /** One reading, which is sound. */
  read(subject: CheckSubject["updateRequest"], annotations: Annotations, signal?: AbortSignal): Promise<CheckReading>;
  /** One reading as core makes it, which waits no longer than so many milliseconds. */
  readByCore(
    subject: CheckSubject["updateRequest"],
    annotations: Annotations,
    timeoutMs?: number,
  ): Promise<CheckReading>;
  close(): void;
}

export const prefixed = (annotations: Annotations): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).map(([name, value]) => [PREFIX + name, value]));

/** With `fetch` that is its way to the outside. */
export function asked(plugin: CheckPlugin, { env, secrets = [], access }: Surroundings, fetch?: Fetch): Asked {
  const { host, context, lines, close } = hosted(plugin, env, fetch);
  const accessOf = access ?? (() => nothing);
  const sound = ({ state, message }: CheckReading): CheckReading => {
    assert.ok(["ok", "waiting", "failing"].includes(state), `state: ${JSON.stringify(state)}`);
    assert.match(message, /^\S[^\n]*[^.\s]$/, `a sentence without a full stop: ${JSON.stringify(message)}`);
    assert.ok(message.length <= 500, `${message.length} characters`);
    for (const secret of secrets) {
      assert.not.ok(message.includes(secret), `a secret in: ${message}`);
      assert.not.ok(lines.some((line) => line.includes(secret)), "a secret in its log");
    }
    return { state, message };
  };
  return {
    async read(request, annotations, signal = new AbortController().signal) {
      const subject = { ...subjectOf(request), annotations: plugin.annotations(z).parse(annotations) };
      return sound(await plugin.read(subject, { ...context, ...accessOf(signal) }, signal));
    },
    async readByCore(request, annotations, timeoutMs = 10_000) {
      const { signal } = new AbortController();
      const checks = createChecks({ host, access: accessOf, timeoutMs, signal });
      const [only] = await checks.read(subjectOf(request), prefixed(annotations));
      return sound(only!.reading);
    },
    close,
  };
}

/** Of a request that nobody stored. */
export function requestUnstored(): CheckSubject["updateRequest"] {
  const uid = crypto.randomUUID();
  return { namespace: "shop", name: `web-app-${uid.slice(0, 8)}`, uid };
}

function subjectOf(updateRequest: CheckSubject["updateRequest"]): Omit<CheckSubject, "annotations"> {
  const { namespace } = updateRequest;
  return {
    workload: { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web", uid: "8c5f3a90" },
    container: "app",
    image: "registry.example/shop/web:1.1.0",
    updateRequest,
    appliedAt: new Date().toISOString(),
  };
}

const nothing: CheckAccess = {
  get: () => Promise.reject(new Error("fixtures.access is wanted")),
  create: () => Promise.reject(new Error("fixtures.access is wanted")),
};
