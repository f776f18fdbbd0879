import type { Action } from "../action.ts";
import { kindOf } from "./change.ts";
import { place, validate } from "../../../core/web.ts";

/** Has the registries of a workload asked at once. */
export default {
  path: "/workloads/:kind/:namespace/:name/check",
  async act({ context, person, params }) {
    const { namespace, name } = validate(place, params);
    const kind = kindOf(params);
    await context.actions.check(person.caller, { kind, namespace, name });
    return { done: "asked", kind, namespace, name };
  },
} satisfies Action;
