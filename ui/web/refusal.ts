import { AlreadyDecided, BadRequest, isRetryable, type UpdateRequest } from "../../core/web.ts";
import type { ErrorPage } from "./pages/error.ts";
import { type Html, html } from "./html.ts";
import { counted } from "./pictures/numbers.ts";
import { lookOfPhase } from "./parts/looks.ts";
import { notice } from "./parts/notice.ts";
import { sentence } from "./parts/sentence.ts";
import { time } from "./parts/time.ts";
import { updatePath } from "./paths.ts";

/** Why something that was pressed is not done. */
export interface Refusal {
  status: ErrorPage["status"];
  title: string;
  /** Seconds after which to come back. */
  retryAfter?: number;
  words: Html;
  /** The field that is wrong. */
  field?: string;
  /** The same is refused again, whatever is typed. */
  isFinal?: boolean;
}

const TITLES: Partial<Record<number, string>> = {
  403: "You may not do this",
  404: "It is not there any more",
};

/** Undefined of what is a fault of the program. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof BadRequest && error.status !== 401) {
    const status = error.status as Refusal["status"];
    const isLate = error.cause instanceof AlreadyDecided;
    const title = isLate ? "It cannot be done any more" : TITLES[status] ?? "This cannot be done";
    const isFinal = isLate || status === 403 || status === 404;
    const { field } = error;
    return { status, title, words: wordsOf(error), isFinal, ...(field === undefined ? {} : { field }) };
  }
  if (!isRetryable(error)) return undefined;
  const retryAfter = Math.max(1, Math.ceil(error.retryAfterSeconds ?? 5));
  const words = html`${error.message}: nothing was done, try again in ${counted(retryAfter, "second")}`;
  return { status: 503, title: "Not now", retryAfter, words };
}

export const refusalNotice = ({ words }: Refusal): Html => notice("bad", words);

function wordsOf(error: BadRequest): Html {
  if (error.cause instanceof AlreadyDecided) return decidedElsewhere(error.cause.request);
  if (error.status === 403) return html`${sentence(error.message)}: <a href="/rights">what you may do</a>`;
  return sentence(error.message);
}

/** Who was first, and when. */
function decidedElsewhere({ metadata, spec, status }: UpdateRequest): Html {
  const which = html`<a href="${updatePath(metadata)}">${metadata.namespace}/${metadata.name}</a>`;
  const { decision } = spec;
  const since = (at: string | undefined, word = " ") => at ? html`${word}${time(at)}` : "";
  const because = (why: string | undefined) => why ? html`: ${sentence(why)}` : "";
  if (!decision) {
    const phase = status?.phase === undefined ? "gone" : lookOfPhase(status.phase).word;
    return html`${which} does not wait for a decision any more: it is ${phase}${
      since(status?.lastUpdated, ", since ")
    }${because(status?.message)}`;
  }
  const at = decision.approved ? status?.approvedAt : status?.rejectedAt;
  const how = decision.approved ? "approved" : "rejected";
  const way = decision.via ? ` (${decision.via})` : "";
  return html`${which} was ${how} by ${decision.by}${way}${since(at)}${decision.reason ? `: ${decision.reason}` : ""}`;
}
