import type { IconName } from "./icon.ts";
import type { Phase, State, WorkloadState } from "../../../core/web.ts";

/** What a colour says: it went well, it wants a look, it went wrong, it is under way, it waits, it is over. */
export type Tone = "good" | "warn" | "bad" | "active" | "waiting" | "quiet";

/** A shape and a colour that say the same. */
export interface Sign {
  icon: IconName;
  tone: Tone;
}

/** How a state looks, by a word too. */
export interface Look extends Sign {
  word: string;
}

/** What stands for the same looks the same, whatever it is said of: an update, a version, a workload, a registry, a setting. */
export const SIGNS = {
  good: { icon: "check-circle-fill", tone: "good" },
  yes: { icon: "check", tone: "good" },
  usual: { icon: "check", tone: "quiet" },
  bad: { icon: "alert-fill", tone: "bad" },
  waits: { icon: "clock", tone: "waiting" },
  approved: { icon: "check", tone: "waiting" },
  active: { icon: "pulse", tone: "active" },
  held: { icon: "lock", tone: "warn" },
  back: { icon: "undo", tone: "warn" },
  refused: { icon: "circle-slash", tone: "quiet" },
  past: { icon: "skip", tone: "quiet" },
  expired: { icon: "hourglass", tone: "quiet" },
  absent: { icon: "circle", tone: "quiet" },
} as const satisfies Record<string, Sign>;

const PHASES: Record<Phase, Look> = {
  Pending: { word: "Pending", ...SIGNS.waits },
  Approved: { word: "Approved", ...SIGNS.approved },
  Verifying: { word: "Verifying", ...SIGNS.active },
  Completed: { word: "Completed", ...SIGNS.good },
  Rejected: { word: "Rejected", ...SIGNS.refused },
  Failed: { word: "Failed", ...SIGNS.bad },
  RolledBack: { word: "Rolled back", ...SIGNS.back },
  Superseded: { word: "Superseded", ...SIGNS.past },
  Held: { word: "Held", ...SIGNS.held },
  Expired: { word: "Expired", ...SIGNS.expired },
};

const VERSIONS: Record<State, Sign> = {
  runs: SIGNS.good,
  filtered: { icon: "filter", tone: "quiet" },
  unseen: { icon: "question", tone: "waiting" },
  waits: SIGNS.waits,
  approved: SIGNS.approved,
  verifying: SIGNS.active,
  held: SIGNS.held,
  rejected: SIGNS.refused,
  failed: SIGNS.bad,
  "rolled back": SIGNS.back,
  superseded: SIGNS.past,
  expired: SIGNS.expired,
  left: SIGNS.past,
};

const WORKLOADS: Record<WorkloadState, Look> = {
  misread: { word: "Not understood", ...SIGNS.bad },
  waiting: { word: "Update waits", ...SIGNS.waits },
  updating: { word: "Updating", ...SIGNS.active },
  held: { word: "Held", ...SIGNS.held },
  watched: { word: "Watched", ...SIGNS.usual },
};

const ofTable = (looks: Readonly<Record<string, Look>>, state: string): Look =>
  Object.hasOwn(looks, state) ? looks[state]! : { word: state, icon: "dot-fill", tone: "quiet" };

/** The phase of an UpdateRequest; one that only a later Headwind knows has its own word. */
export const lookOfPhase = (phase: string): Look => ofTable(PHASES, phase);

/** A version of a container, as `kubectl headwind why` tells of it. */
export const lookOfVersion = (state: State): Look => ({ word: state, ...VERSIONS[state] });

/** How a workload stands. */
export const lookOfWorkload = (state: string): Look => ofTable(WORKLOADS, state);
