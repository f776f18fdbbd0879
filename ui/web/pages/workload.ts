import * as z from "zod";
import {
  BadRequest,
  describeGates,
  forbidden,
  hasEnded,
  type Hold,
  holdsOf,
  isUndecided,
  readCheckOutcome,
  reasonForNoCheck,
  reasonForNone,
  reportSlot,
  rightOnRequests,
  rightToChange,
  rightToCheck,
  rowOf,
  type SlotReport,
  type UpdateRequest,
  waitOf,
  type Workload,
} from "../../../core/web.ts";
import { actionWords } from "../parts/action_words.ts";
import { holdForm, holdsTable } from "../parts/holds.ts";
import { historyTable } from "../parts/history.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../parts/icon.ts";
import { limits, notice } from "../parts/notice.ts";
import { page, type PageCall, region } from "../page.ts";
import type { Person } from "../identity/person.ts";
import { sentence } from "../parts/sentence.ts";
import { table } from "../parts/table.ts";
import { polledHere } from "../parts/polled_here.ts";
import { slotStory } from "../parts/slot_story.ts";
import { time } from "../parts/time.ts";
import * as cells from "../parts/update_cells.ts";
import { updatePath, workloadPathOfKey } from "../paths.ts";

/** What the page of one workload shows. */
interface WorkloadReport {
  /** Its page, below which its forms lead. */
  path: string;
  workload: Workload;
  gates: string[];
  stories: SlotReport[];
  checks: { container: string; at: number; problem?: string }[];
  holds: Hold[];
  updates: cells.UpdateLine[];
  polls: ReturnType<PageCall["context"]["registries"]["polls"]>;
  /** Whether they may change the workload. */
  mayChange: boolean;
  /** Whether they may ask for it to be looked at now. */
  mayCheck: boolean;
  all: boolean;
}

const query = z.object({ versions: z.enum(["all"]).optional() });

/** One workload: what it runs, why each version is taken or not, its history, what is held, and what can be done. */
export default page<typeof query, WorkloadReport>({
  path: "/workloads/:kind/:namespace/:name",
  query,
  async read({ context, person, params, query, now }) {
    const { kind = "", namespace = "", name = "" } = params;
    const key = `${kind}/${namespace}/${name}`;
    const list = rightOnRequests("list", namespace);
    if (!await person.may(list)) throw forbidden(person.name, list);
    const workload = context.workloads.get(key);
    if (!workload) {
      throw new BadRequest(`there is no ${kind} ${namespace}/${name}, or Headwind may not read it`, "name", 404);
    }
    const own = workload.plugin.resource;
    const read = { verb: "get", group: own.group, resource: own.plural, namespace, name };
    if (!await person.may(read)) {
      throw new BadRequest(`${person.name} may not get ${own.plural} ${namespace}/${name}`, undefined, 403);
    }
    const requests = context.requests.ofWorkload(key);
    const mayChange = await person.may(rightToChange(workload));
    const offered = { ...await mayDecide(person, namespace, requests), resume: mayChange };
    const [mayCheck, ...stories] = await Promise.all([
      reasonForNoCheck(workload) === undefined && person.may(rightToCheck(workload)),
      ...workload.slots.map(async (slot): Promise<SlotReport> => {
        const isJudged = reasonForNone(workload, slot) === undefined;
        const registry = isJudged ? await context.versionsOf({ workload, slot }) : undefined;
        return reportSlot({ workload, slot, requests, registry, advise: actionWords(offered), now });
      }),
    ]);
    return {
      path: workloadPathOfKey(key),
      workload,
      gates: describeGates(workload),
      stories,
      checks: workload.slots.flatMap(({ name }) => {
        const check = context.registries.lastCheck(key, name);
        return check ? [{ container: name, ...check }] : [];
      }),
      holds: holdsOf(workload, requests),
      updates: requests.map(rowOf).sort((a, b) => b.seenAt - a.seenAt)
        .map((row) => ({ row, wait: waitOf(row.request, workload, now.getTime()) })),
      polls: context.registries.polls(),
      mayChange,
      mayCheck,
      all: query.versions === "all",
    };
  },
  title: ({ workload }) => `${workload.plugin.resource.kind} ${workload.namespace}/${workload.name}`,
  regions: (report) => [
    region("about", about(report)),
    ...report.stories.map((story, at) => region(`container-${at}`, slotStory(story, report))),
    region("updates", updatesOf(report)),
    region("holds", html`<h2>Held</h2>${holdsTable(report)}`),
    ...(report.mayChange ? [region("hold", holdForm(report), { live: false })] : []),
    region("history", html`<h2>History</h2>${historyTable(report)}`),
    region("limits", limits(html`The last 10 changes of each container are kept. ${polledHere(report.polls)}`)),
  ],
});

/** What they may do with the updates of a namespace, as far as there is one with which it can be done. */
async function mayDecide(person: Person, namespace: string, requests: readonly UpdateRequest[]) {
  const needApproval = requests.every(({ spec }) => spec.requireApproval !== false);
  const mayAll = async (...verbs: string[]) =>
    (await Promise.all(verbs.map((verb) => person.may(rightOnRequests(verb, namespace))))).every(Boolean);
  const [approve, retry] = await Promise.all([
    requests.some(isUndecided) && mayAll("approve"),
    requests.some(hasEnded) && mayAll("delete", "create", ...needApproval ? [] : ["approve"]),
  ]);
  return { approve, retry };
}

function about({ workload, gates, checks, mayChange, mayCheck, path }: WorkloadReport): Html {
  const { mistakes, warnings, notes, carrier } = workload;
  return html`
    ${mistakes.map(({ message }) => notice("bad", sentence(message)))}
    ${warnings.map(({ message }) => notice("warn", sentence(message)))}
    ${notes.map(({ message, type }) => notice(type === "Warning" ? "warn" : "quiet", sentence(message)))}
    <p>${gates.length > 0 ? gates.join(", ") : "Headwind does not look after it: it has no headwind.sh/policy"}</p>
    ${carrier ? html`<p>Its versions stand in ${carrier.resource.kind} ${carrier.namespace}/${carrier.name}.</p>` : ""}
    ${checks.map(({ container, at, problem }) =>
      html`<p class="hint">${container} was checked ${time(at)}${problem ? html`: ${sentence(problem)}` : ""}</p>`
    )}
    ${askedCheck(workload)}
    ${mayCheck
      ? html`<form method="post" action="${path}/check" id="check"><button>${icon("sync")}Check now</button></form>`
      : mayChange
      ? ""
      : html`<p class="hint"><a href="/rights">Why there is nothing to press</a></p>`}
  `;
}

/** What came of the last check that somebody asked for, or that it is still to come: every replica knows it. */
function askedCheck({ checkRequested, lastCheck, namespace }: Workload): Html {
  const outcome = readCheckOutcome(lastCheck);
  if (checkRequested !== undefined && outcome?.requested !== checkRequested) {
    return html`<p class="hint" id="asked-check">A check is asked for: a repository is asked once in ten seconds.</p>`;
  }
  if (!outcome) return html``;
  const { at, error, updateRequests } = outcome;
  const found = updateRequests.length === 0
    ? "nothing new"
    : html`${
      updateRequests.map((name, index) =>
        html`${index > 0 ? ", " : ""}<a href="${updatePath({ namespace, name })}">${name}</a>`
      )
    }`;
  return html`
    <p class="hint" id="asked-check">Somebody asked for a check, done ${time(at)}: ${error ?? found}.</p>
  `;
}

const COLUMNS = [cells.workload, cells.change, cells.step, cells.state, cells.seen];

function updatesOf({ updates }: WorkloadReport): Html {
  if (updates.length === 0) {
    return html`
      <h2>Updates</h2>
      <p>None yet.</p>
    `;
  }
  return html`
    <h2>Updates</h2>
    ${table({
      id: "workload-updates",
      caption: "Updates of this workload",
      class: "updates",
      columns: COLUMNS,
      rows: updates.map((line) => cells.rowOf(line, "w", COLUMNS)),
    })}
  `;
}
