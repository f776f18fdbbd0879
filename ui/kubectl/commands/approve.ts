import { approver, decide } from "../decide.ts";
import type { Command } from "../command.ts";

export default {
  name: "approve",
  summary: "Approves an UpdateRequest, in your own name",
  about: "It takes the verb approve on updaterequests.headwind.sh, as the ClusterRole headwind-approver gives it.",
  arguments: [{ name: "NAME", offer: "undecided request" }],
  flags: [approver],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: ["approve web-app-1-3-0-4f1c9a2b3d"],
  run: (call) => decide(call, true),
} satisfies Command;
