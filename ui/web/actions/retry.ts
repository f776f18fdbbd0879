import { type Action, signatureOf } from "../action.ts";
import { place, validate } from "../../../core/web.ts";

/** Makes an update anew that has ended. */
export default {
  path: "/updates/:namespace/:name/retry",
  async act({ context, person, params }) {
    const { namespace, name } = validate(place, params);
    await context.actions.retry(person.caller, { namespace, name, user: signatureOf(person) });
    return { done: "retried", namespace, name };
  },
} satisfies Action;
