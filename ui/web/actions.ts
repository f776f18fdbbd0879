import type { Action } from "./action.ts";
import approve from "./actions/approve.ts";
import check from "./actions/check.ts";
import decideMany from "./actions/decide_many.ts";
import hold from "./actions/hold.ts";
import reject from "./actions/reject.ts";
import resume from "./actions/resume.ts";
import retry from "./actions/retry.ts";
import rollback from "./actions/rollback.ts";

/** All that can be pressed. */
export const actions: readonly Action[] = [approve, reject, decideMany, retry, hold, resume, rollback, check];
