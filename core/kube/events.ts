import { hash } from "node:crypto";
import { isAlreadyExists } from "./kube_error.ts";
import type { KubeClient } from "./client.ts";
import type { Log } from "../plugin.ts";
import { resourcePath } from "./paths.ts";

/** What an Event is about. */
export interface InvolvedObject {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  uid?: string;
  /** Such as `spec.template.spec.containers{app}`. */
  fieldPath?: string;
}

export interface KubeEventInput {
  object: InvolvedObject;
  type: "Normal" | "Warning";
  /** UpperCamelCase. */
  reason: string;
  message: string;
  now: Date;
  /** Events of the same object, reason and id have the same name, so that the API server takes only the first. */
  id: string;
  /** The pod that says it. */
  instance?: string;
  annotations?: Record<string, string>;
}

/** An Event of the core `v1` API. */
export interface KubeEvent {
  apiVersion: "v1";
  kind: "Event";
  metadata: { name: string; namespace: string; annotations?: Record<string, string> };
  involvedObject: InvolvedObject;
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  firstTimestamp: string;
  lastTimestamp: string;
  count: 1;
  source: { component: string };
  reportingComponent: string;
  reportingInstance: string;
}

const COMPONENT = "headwind";
const LONGEST_MESSAGE = 1024;
const LONGEST_NAME = 253;

/** An Event of the core `v1` API, which `kubectl describe` and `kubectl events` both show. Create it; 409 means that it was told before. */
export function kubeEvent(input: KubeEventInput): KubeEvent {
  const { object, type, reason, message, now, id, instance = COMPONENT, annotations } = input;
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  const said = [object.apiVersion, object.kind, object.uid ?? "", reason, id].join("\n");
  const digest = hash("sha256", said, "hex").slice(0, 16);
  const prefix = object.name.slice(0, LONGEST_NAME - digest.length - 1).replace(/[-.]+$/, "");
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${prefix}.${digest}`, namespace: object.namespace, ...(annotations ? { annotations } : {}) },
    involvedObject: object,
    type,
    reason,
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: instance.slice(0, 128),
  };
}

/** Writes a Kubernetes Event. Told before is success, and a refusal is logged: an Event is never worth stopping for. */
export async function recordEvent(
  client: KubeClient,
  event: KubeEvent,
  log: Log,
  fieldManager = "headwind",
): Promise<void> {
  const path = resourcePath({ group: "", version: "v1", plural: "events" }, event.metadata.namespace);
  try {
    await client.request("POST", path, { body: event, query: { fieldManager }, unread: true });
  } catch (error) {
    if (!isAlreadyExists(error)) log.warn("an Event could not be written", { reason: event.reason, error });
  }
}
