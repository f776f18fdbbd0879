import type { Action } from "../../../core/web.ts";

/** Where on the dashboard something is done, as it stands in a sentence of the read model. */
export function actionWords(action: Action): string {
  switch (action.type) {
    case "approve":
      return "approve it on its page";
    case "retry":
      return "a person who retries it on its page";
    case "resume":
      return "Resume, below";
  }
}
