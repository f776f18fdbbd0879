import { type Look, lookOf } from "./status.ts";
import type { WorkloadState } from "../../../core/web.ts";

const LOOKS: Record<WorkloadState, Look> = {
  misread: { word: "Not understood", icon: "alert-fill", tone: "bad" },
  waiting: { word: "Update waits", icon: "clock", tone: "waiting" },
  updating: { word: "Updating", icon: "pulse", tone: "active" },
  held: { word: "Held", icon: "lock", tone: "warn" },
  watched: { word: "Watched", icon: "check", tone: "quiet" },
};

/** How a workload stands, by word, shape and colour. */
export const lookOfWorkload = (state: string): Look => LOOKS[state as WorkloadState] ?? lookOf(state);
