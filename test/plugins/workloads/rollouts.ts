import { type Test } from "uvu";
import * as assert from "uvu/assert";
import type { WorkloadPlugin } from "../../../core/plugin.ts";

/** What a plugin reads of a workload whose spec and status are these; what it reads is written `state reason`. */
export type RolloutCase = [
  what: string,
  spec: Record<string, unknown> | undefined,
  status: unknown,
  is: string,
  more?: { /** Default 2. */ generation?: number; message?: RegExp; at?: string },
];

/** One test for each case. */
export function rollouts(s: Test, plugin: WorkloadPlugin, cases: RolloutCase[]): void {
  for (const [what, spec, status, is, { generation = 2, message, at } = {}] of cases) {
    s(what, () => {
      const object = { metadata: { name: "web", generation }, spec, status };
      const rollout = plugin.rollout(object, () => ({ missing: true }));
      assert.is(`${rollout.state} ${rollout.reason}`, is);
      assert.is(rollout.at, at);
      if (message) assert.match(rollout.message, message);
    });
  }
}
