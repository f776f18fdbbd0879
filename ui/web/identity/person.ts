import type { Caller, ResourceAttributes } from "../../../core/ui.ts";

/** Who looks at a page, and what they may. */
export interface Person {
  name: string;
  groups: readonly string[];
  /** By what it is known who they are. */
  proof: "none" | "header" | "token" | "oidc";
  caller: Caller;
  /** What the API server says; believed for ten seconds. */
  may(right: ResourceAttributes): Promise<boolean>;
  /** Persons who have it in common see the same pages. */
  sharedKey: string;
}

/** Anybody who reaches the port, where nobody is asked who they are: they read, and decide only where `HEADWIND_APPROVALS=open`. */
export function anybody(decides: boolean): Person {
  return {
    name: "web-ui-user",
    groups: [],
    proof: "none",
    caller: { kind: "anonymous" },
    may: ({ verb }) => Promise.resolve(decides || ["get", "list", "watch"].includes(verb)),
    sharedKey: "anybody",
  };
}
