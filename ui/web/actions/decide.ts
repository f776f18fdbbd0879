import { type Action, fieldsOf, signatureOf } from "../action.ts";
import { COMMENT } from "../parts/field.ts";
import { approveBody, place, validate } from "../../../core/web.ts";

/** A word on an update, with a comment or without. */
const decision = (verb: "approve" | "reject"): Action => ({
  path: `/updates/:namespace/:name/${verb}`,
  again: { questions: [COMMENT], button: () => verb === "approve" ? "Approve" : "Reject" },
  async act({ context, person, params, form }) {
    const { namespace, name } = validate(place, params);
    const { reason } = validate(approveBody, { reason: fieldsOf(form)[COMMENT.name] });
    const approved = verb === "approve";
    const approver = signatureOf(person);
    await context.actions.decide(person.caller, { namespace, name, approved, approver, reason, via: "dashboard" });
    return { done: approved ? "approved" : "rejected", namespace, name };
  },
});

export const approve = decision("approve");
export const reject = decision("reject");
