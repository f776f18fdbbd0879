import { type Test } from "uvu";
import * as assert from "uvu/assert";
import type { WorkloadPlugin } from "../../../core/plugin.ts";

/** What a plugin reads of a workload whose spec and status are these. */
export interface RolloutCase {
  what: string;
  generation?: number;
  spec?: Record<string, unknown>;
  status?: unknown;
  /** `state reason` */
  is: string;
  message?: RegExp;
  at?: string;
}

/** One test for each case. */
export function rollouts(s: Test, plugin: WorkloadPlugin, cases: RolloutCase[]): void {
  for (const { what, generation = 2, spec, status, is, message, at } of cases) {
    s(what, () => {
      const object = { metadata: { name: "web", generation }, spec, status };
      const rollout = plugin.rollout(object, () => ({ missing: true }));
      assert.is(`${rollout.state} ${rollout.reason}`, is);
      assert.is(rollout.at, at);
      if (message) assert.match(rollout.message, message);
    });
  }
}
