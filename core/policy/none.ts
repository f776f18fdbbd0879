import { leave, type PolicyDefinition } from "./policy.ts";

/** The workload is left as it is. */
export const none: PolicyDefinition<"none"> = {
  name: "none",
  summary: "nowhere",
  follows: "nothing",
  raisesRanges: false,
  takesDeprecated: false,
  needsPattern: false,
  judge: () => () => leave("policy-none"),
};
