import { approver, decide } from "../decide.ts";
import type { Command } from "../command.ts";

export default {
  name: "reject",
  summary: "Rejects an UpdateRequest: that version is not offered again",
  about: "It takes the verb approve on updaterequests.headwind.sh, as the ClusterRole headwind-approver gives it.",
  arguments: [{ name: "NAME", offer: "undecided request" }, { name: "REASON", optional: true }],
  flags: [approver],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: ['reject web-app-1-3-0-4f1c9a2b3d "not before the holidays"'],
  run: (call) => decide(call, false, call.argument("REASON")),
} satisfies Command;
