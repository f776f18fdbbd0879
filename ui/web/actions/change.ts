import { type Action, type ActionCall, type Deed, fieldsOf, signatureOf } from "../action.ts";
import { HOLD_QUESTIONS } from "../parts/holds.ts";
import type { Again } from "../parts/asked_again.ts";
import { containerPlace, rollbackBody, validate } from "../../../core/web.ts";

/** What is done to a container of a workload, and to those that move with it. */
const change = (what: "hold" | "resume" | "rollback", done: Deed["done"], again?: Again): Action => ({
  path: `/workloads/:kind/:namespace/:name/${what}`,
  ...(again ? { again } : {}),
  async act({ context, person, params, form }) {
    const { container = "", ...fields } = fieldsOf(form);
    const { namespace, name, ...where } = validate(containerPlace, { ...params, container });
    const { image, reason } = validate(rollbackBody, { image: fields.image, reason: fields.reason });
    const kind = kindOf(params);
    const user = signatureOf(person);
    const { caller } = person;
    await context.actions.change(caller, { what, kind, namespace, name, ...where, image, reason, user });
    return { done, kind, namespace, name };
  },
});

export const hold = change("hold", "held", { questions: HOLD_QUESTIONS, button: () => "Hold" });
export const resume = change("resume", "resumed");
export const rollback = change("rollback", "rolled back");

/** `Rollout` of `Rollout.argoproj.io`, as the path has it. */
export const kindOf = ({ kind = "" }: ActionCall["params"]): string => kind.split(".")[0]!;
