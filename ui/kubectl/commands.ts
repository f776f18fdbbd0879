import approve from "./commands/approve.ts";
import completion from "./commands/completion.ts";
import history from "./commands/history.ts";
import hold from "./commands/hold.ts";
import list from "./commands/list.ts";
import reject from "./commands/reject.ts";
import resume from "./commands/resume.ts";
import retry from "./commands/retry.ts";
import rollback from "./commands/rollback.ts";
import why from "./commands/why.ts";
import check from "./commands/check.ts";
import type { Command } from "./command.ts";

/** In the order of the help. */
export const commands: readonly Command[] = [
  list,
  approve,
  reject,
  why,
  check,
  history,
  rollback,
  hold,
  resume,
  retry,
  completion,
];
