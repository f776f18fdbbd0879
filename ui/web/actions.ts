import type { Action } from "./action.ts";
import { approve, reject } from "./actions/decide.ts";
import check from "./actions/check.ts";
import decideMany from "./actions/decide_many.ts";
import { hold, resume, rollback } from "./actions/change.ts";
import retry from "./actions/retry.ts";

/** All that can be pressed. */
export const actions: readonly Action[] = [approve, reject, decideMany, retry, hold, resume, rollback, check];
