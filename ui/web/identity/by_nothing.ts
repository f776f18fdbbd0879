import { BadRequest, type DashboardContext, type ResourceAttributes } from "../../../core/web.ts";
import { html } from "../html.ts";
import type { Identity } from "./identity.ts";
import type { Person } from "./person.ts";

/** As the Rust Headwind calls whoever it does not ask. */
const NOBODY = "web-ui-user";
const READS = ["get", "list", "watch"];

/**
 * Nobody is asked who they are: whoever reaches the port reads what Headwind reads. They decide only where `HEADWIND_APPROVALS=open`
 * lets anybody.
 */
export function byNothing({ callers }: Pick<DashboardContext, "callers">): Identity {
  const person = callers.open ? deciding() : reading();
  return {
    identify: () => Promise.resolve({ person }),
    ...(callers.open
      ? {
        warning: html`
          <strong>Anybody who reaches this page decides</strong>, and nobody knows who it was:
          <code>HEADWIND_APPROVALS=open</code> with <code>HEADWIND_UI_AUTH_MODE=none</code>.
        `,
      }
      : {}),
  };
}

const nobody = { name: NOBODY, groups: [], proof: "none", isSignedIn: false } as const;

const deciding = (): Person => ({
  ...nobody,
  caller: { kind: "anonymous" },
  may: () => Promise.resolve(true),
  sharedKey: "anybody",
});

function reading(): Person {
  const isRead = ({ verb }: ResourceAttributes) => READS.includes(verb);
  return {
    ...nobody,
    // not `anonymous`, of whom nothing is asked: whatever changes something refuses
    caller: {
      kind: "vouched",
      user: NOBODY,
      groups: [],
      async allowed(right) {
        if (isRead(right)) return true;
        throw new BadRequest(
          "Headwind does not know who you are, so nothing is changed from here: HEADWIND_UI_AUTH_MODE says how people " +
            "prove themselves",
          undefined,
          403,
        );
      },
    },
    may: (right) => Promise.resolve(isRead(right)),
    sharedKey: "anybody",
  };
}
