import type { Named, PluginContext } from "./common.ts";

export type UpdateEventType =
  | "created"
  | "approved"
  | "rejected"
  | "completed"
  | "failed"
  | "rolledBack"
  | "held"
  | "superseded"
  | "expired";

/**
 * A step of an UpdateRequest, from its stored status. It is delivered at least once, in the order of the steps; what cannot be
 * delivered is given up a day after the request has ended, or after the step where another has followed it.
 */
export interface UpdateEvent {
  type: UpdateEventType;
  /** The same for every delivery of the same step. */
  idempotencyKey: string;
  /** RFC 3339. */
  timestamp: string;
  updateRequest: { namespace: string; name: string; uid: string };
  workload: { apiVersion: string; kind: string; namespace: string; name: string };
  /** The first of `containers`, where these are several. */
  container: string;
  /** All containers and init containers that move together, where these are several. */
  containers?: string[];
  currentImage: string;
  newImage: string;
  policy: string;
  requiresApproval: boolean;
  approvedBy?: string;
  message?: string;
}

export interface NotifierPlugin<S = Record<string, unknown>> extends Named<"notifier"> {
  /** Whether these settings ask for deliveries at all. */
  enabled(settings: S): boolean;
  /**
   * Delivers one event; a throw means that it is tried again later, as does no end within `HEADWIND_NOTIFICATION_TIMEOUT`, when
   * `signal` is aborted. Events of one notifier wait for no other's.
   */
  deliver(event: UpdateEvent, context: PluginContext<S>, signal: AbortSignal): Promise<void>;
}
