import type { PodStatus } from "../../../core/health/pod_fault.ts";

export const ready = [{ type: "Ready", status: "True" }];
export const running: PodStatus = {
  phase: "Running",
  conditions: ready,
  containerStatuses: [{ name: "app", restartCount: 0 }],
};
export const waiting = (reason: string, message = "", more = {}): PodStatus => ({
  phase: "Pending",
  containerStatuses: [{ name: "app", restartCount: 0, state: { waiting: { reason, message } }, ...more }],
});
export const ended = (exitCode: number, more = {}) => ({ terminated: { exitCode, reason: "Error", ...more } });
export const restarted = (restartCount: number, more = {}): PodStatus => ({
  phase: "Running",
  containerStatuses: [{ name: "app", restartCount, lastState: ended(1), ...more }],
});
