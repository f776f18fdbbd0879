import type { Action } from "../../../core/web.ts";

/** Which of the acts that a sentence may offer its reader may do. */
export type Offered = Readonly<Record<Action["type"], boolean>>;

const HERE: Record<Action["type"], string> = {
  approve: "you may approve it on its page",
  retry: "a retry on its page",
  resume: "press Resume below",
};
const ELSEWHERE: Record<Action["type"], string> = {
  approve: "it takes somebody who may approve it",
  retry: "a retry by somebody who may",
  resume: "it takes somebody who may change the workload",
};

/** Where on the dashboard something is done, as it stands in a sentence of the read model; that it takes somebody else where the reader may not. */
export const actionWords = (may: Offered) => ({ type }: Action): string => (may[type] ? HERE : ELSEWHERE)[type];
