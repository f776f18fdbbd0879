import * as z from "zod";
import { type Action, type ActionCall, fieldsOf, signatureOf } from "../action.ts";
import { COMMENT } from "../parts/field.ts";
import { approveBody, BadRequest, place, validate } from "../../../core/web.ts";
import { type Html, html } from "../html.ts";
import { refusalOf } from "../refusal.ts";
import { notice } from "../parts/notice.ts";
import { updatePath } from "../paths.ts";

/** Updates that are decided on with one press. */
const MOST = 100;
/** Of these at the same time. */
const AT_ONCE = 8;

const verdicts = z.object({ verdict: z.enum(["approve", "reject"]) });

interface Line {
  namespace: string;
  name: string;
  /** Why not; undefined where it was done. */
  refusal: Html | undefined;
}

/** One word on many updates: each is done or refused by itself, and each has its line. */
export default {
  path: "/actions/decide_many",
  again: { questions: [COMMENT], button: (form) => form.get("verdict") === "reject" ? "Reject" : "Approve" },
  async act(call) {
    const { verdict } = validate(verdicts, { verdict: call.form.get("verdict") ?? undefined });
    const { reason } = validate(approveBody, { reason: fieldsOf(call.form)[COMMENT.name] });
    const wanted = updatesOf(call.form);
    const lines: Line[] = [];
    let next = 0;
    const worker = async () => {
      while (next < wanted.length) {
        const at = next++;
        lines[at] = await decideOne(call, wanted[at]!, { approved: verdict === "approve", reason });
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted.length) }, worker));
    return results(lines, verdict);
  },
} satisfies Action;

/** @throws {BadRequest} naming the field */
function updatesOf(form: URLSearchParams): { namespace: string; name: string }[] {
  const keys = [...new Set(form.getAll("update"))];
  if (keys.length === 0) throw new BadRequest("no update is ticked", "update");
  if (keys.length > MOST) {
    throw new BadRequest(`${keys.length} updates are ticked; at most ${MOST} are decided on at once`, "update");
  }
  return keys.map((key) => {
    const [namespace, name, ...more] = key.split("/");
    if (more.length > 0) throw new BadRequest("namespace/name is wanted", "update");
    return validate(place, { namespace, name });
  });
}

async function decideOne(
  { context, person }: ActionCall,
  { namespace, name }: { namespace: string; name: string },
  said: { approved: boolean; reason: string | undefined },
): Promise<Line> {
  try {
    const wish = { namespace, name, ...said, approver: signatureOf(person), via: "dashboard" } as const;
    await context.actions.decide(person.caller, wish);
    return { namespace, name, refusal: undefined };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) context.log.error("a decision failed", { updateRequest: `${namespace}/${name}`, error });
    return { namespace, name, refusal: refusal?.words ?? html`something went wrong inside Headwind` };
  }
}

function results(lines: readonly Line[], verdict: "approve" | "reject") {
  const word = verdict === "approve" ? "Approved" : "Rejected";
  const done = lines.filter(({ refusal }) => refusal === undefined).length;
  const title = `${word} ${done} of ${lines.length}`;
  // what failed comes first
  const sorted = [...lines.filter(({ refusal }) => refusal), ...lines.filter(({ refusal }) => !refusal)];
  return {
    title,
    html: html`
      ${notice(done === lines.length ? "good" : "bad", title)}
      <ul class="results">${sorted.map((line) => resultLine(line, word))}</ul>
    `,
  };
}

function resultLine({ namespace, name, refusal }: Line, word: string): Html {
  const link = html`<a href="${updatePath({ namespace, name })}">${namespace}/${name}</a>`;
  return refusal
    ? html`<li class="bad">${link} not done: ${refusal}</li>`
    : html`<li>${link} ${word.toLowerCase()}</li>`;
}
