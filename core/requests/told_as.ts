import type { UpdateEventType } from "../plugin.ts";
import type { Phase } from "./update_request.ts";

/** Of the phases that people are told of, what they are told. */
export const TOLD_AS: Partial<Record<Phase, UpdateEventType>> = {
  Completed: "completed",
  Rejected: "rejected",
  Failed: "failed",
  RolledBack: "rolledBack",
  Held: "held",
  Superseded: "superseded",
  Expired: "expired",
};
