import type { UpdateEvent, UpdateEventType } from "../../core/plugin.ts";

export const eventTypes: readonly UpdateEventType[] = [
  "created",
  "approved",
  "rejected",
  "completed",
  "failed",
  "rolledBack",
  "held",
  "superseded",
  "expired",
];

/** A step in the life of one UpdateRequest; the same each time but for its time. */
export function sampleEvent(type: UpdateEventType = "completed", changes: Partial<UpdateEvent> = {}): UpdateEvent {
  const uid = "8c5f3a90-5f7d-4f52-9d0e-1f2f5a4f7c11";
  const ends = type !== "created" && type !== "approved";
  return {
    type,
    idempotencyKey: `${uid}/${type}`,
    timestamp: new Date().toISOString(),
    updateRequest: { namespace: "shop", name: "checkout-api-2-7-1-4f1c9a2b3d", uid },
    workload: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "checkout-api" },
    container: "api",
    currentImage: "registry.example/shop/api:2.7.0",
    newImage: "registry.example/shop/api:2.7.1",
    policy: "minor",
    requiresApproval: true,
    ...(type === "approved" || type === "completed" ? { approvedBy: "ann@example.com" } : {}),
    ...(ends ? { message: `the update was ${type} <&> "so"` } : {}),
    ...changes,
  };
}
