import * as cells from "../parts/update_cells.ts";
import { counted } from "../pictures/numbers.ts";
import { decideMany } from "../parts/decide_many.ts";
import { daysPicture, type DayUpdate } from "../pictures/days.ts";
import { emptyState } from "../parts/empty_state.ts";
import { type Html, html } from "../html.ts";
import { phaseStatus } from "../parts/status.ts";
import { keptFinished, limits, notice } from "../parts/notice.ts";
import { NO_QUERY, page, region } from "../page.ts";
import { type Overview, overview, type RegistryReport, type UpdateRow } from "../../../core/web.ts";
import { rolloutPicture } from "../pictures/rollout.ts";
import { addressOf, updatePath } from "../paths.ts";
import { time } from "../parts/time.ts";
import { table } from "../parts/table.ts";
import { countWorkloads } from "../identity/visible_workloads.ts";
import { visibleUpdates } from "../identity/visible_updates.ts";

/** What the page shows. */
interface Shown extends Overview {
  decides: boolean;
  isComplete: boolean;
  /** Of all phases together. */
  updates: number;
  /** Workloads that have a policy, of those that this person may see. */
  workloads: number;
  areAll: boolean;
  polls: Pick<RegistryReport, "lastPollAt" | "polling">;
  /** RFC 3339. */
  now: string;
  /** Finished requests that are kept of each workload. */
  kept: number;
}

/** Lines of each part; the rest is a link to the list. */
const MOST = 20;
/** Rollouts that are drawn. */
const MOST_PICTURES = 6;
const DAYS = 30;

/** What waits for whoever looks, what waits for something else, what goes on, and what went wrong. */
export default page<typeof NO_QUERY, Shown>({
  path: "/",
  query: NO_QUERY,
  async read({ context, person, now }) {
    const { rows, mayDecide, decides, isComplete } = await visibleUpdates({ context, person });
    const workloadOf = context.workloads.get;
    return {
      ...overview({ rows, mayApprove: mayDecide, workloadOf, now: now.getTime(), most: MOST, days: DAYS }),
      decides,
      isComplete,
      updates: rows.length,
      ...await countWorkloads({ context, person }),
      polls: context.registries.polls(),
      now: now.toISOString(),
      kept: context.config.HEADWIND_KEEP_FINISHED,
    };
  },
  title: () => "Overview",
  regions: (shown) => [
    region("numbers", numbers(shown)),
    region("for-you", forYou(shown)),
    ...(shown.decides ? [region("deciding", decideMany(), { live: false })] : []),
    region("for-others", forOthers(shown)),
    region("running", running(shown)),
    region("failed", failed(shown)),
    region("by-day", byDay(shown)),
  ],
});

const days = new WeakMap<UpdateRow, DayUpdate>();

/** A line in the picture of days, made once for each state of a request. */
function dayOf(row: UpdateRow): DayUpdate {
  let day = days.get(row);
  if (!day) {
    const label = `${row.target} in ${row.namespace} ${row.from} → ${row.to}`;
    days.set(
      row,
      day = { at: new Date(row.since ?? row.seenAt).toISOString(), phase: row.phase, label, href: updatePath(row) },
    );
  }
  return day;
}

/** A thin line of numbers, each the list of what it counts. */
function numbers({ counts, workloads }: Shown): Html {
  const items = counts.map(({ phase, count }) =>
    html`<li><a href="${addressOf("/updates", { phase })}"><b>${count}</b> ${phaseStatus(phase)}</a></li>`
  );
  const all = html`<li><a href="/workloads"><b>${workloads}</b> ${workloads === 1 ? "workload" : "workloads"}</a></li>`;
  return html`<ul class="cards" aria-label="Updates by phase, and workloads">${items}${all}</ul>`;
}

function forYou(shown: Shown): Html {
  const { forYou, forOthers, running, decides, isComplete } = shown;
  const left = isComplete ? "" : notice("warn", "There are many namespaces, and not all could be asked about");
  if (forYou.total === 0) {
    const waits = forOthers.total + running.total;
    return html`<h2>Waits for you</h2>${left}${waits > 0 ? nothingForYou(decides) : nothing(shown)}`;
  }
  const { tick, workload, namespace, change, step, state, seen } = cells;
  const columns = [tick, workload, namespace, change, step, state, seen];
  const lines = forYou.rows.map((line) => ({ ...line, mayDecide: true }));
  return html`<h2>Waits for you</h2>${left}${list("you", "Updates that wait for your decision", lines, columns)}${
    more(forYou, "Pending")
  }`;
}

const nothingForYou = (decides: boolean): Html =>
  decides
    ? emptyState({ title: "Nothing waits for your decision" })
    : emptyState({ title: "You decide on no updates here", text: html`<a href="/rights">Your rights</a> say why.` });

/** What to say where nothing waits at all: that, when registries were asked last, and what comes next. */
function nothing({ updates, workloads, areAll, polls }: Shown): Html {
  const asked = askedText(polls);
  if (workloads === 0 && !areAll) {
    return emptyState({
      title: "No workload that you may see is looked after by Headwind",
      text: html`<a href="/rights">Your rights</a> say where you may see any.`,
    });
  }
  if (workloads === 0) {
    return emptyState({
      title: "Headwind looks after no workload yet",
      text: "Give one a policy, and Headwind finds newer versions for it:",
      command: { id: "policy-command", text: "kubectl annotate deployment/NAME -n NAMESPACE headwind.sh/policy=minor" },
    });
  }
  if (updates === 0) {
    return emptyState({
      title: `Nothing waits: no newer version was found yet for ${counted(workloads, "workload")}`,
      text: html`${asked}. <a href="/workloads">Workloads</a> tell why one has no update, and so does:`,
      command: { id: "why-command", text: "kubectl headwind why deployment/NAME -n NAMESPACE" },
    });
  }
  return emptyState({ title: "Nothing waits", text: asked });
}

function askedText({ polling, lastPollAt }: Shown["polls"]): Html {
  if (lastPollAt !== undefined) return html`<a href="/registries">Registries</a> were last asked ${time(lastPollAt)}`;
  if (polling.here) return html`<a href="/registries">Registries</a> were not asked since this replica started`;
  const by = polling.by === undefined ? "another replica" : `replica ${polling.by}`;
  return html`<a href="/registries">Registries</a> are asked by ${by}`;
}

function forOthers({ forOthers }: Shown): Html {
  if (forOthers.total === 0) return html``;
  return html`<h2>Waits for something else</h2>${
    list("waits", "Updates that wait for something else", forOthers.rows, WAITING)
  }${more(forOthers, "Unfinished")}`;
}

function running({ running, now }: Shown): Html {
  if (running.total === 0) return html``;
  const pictures = running.rows.slice(0, MOST_PICTURES).map(({ row }) => rolloutOf(row, now));
  return html`<h2>Rolling out now</h2>${
    list("runs", "Updates that are rolling out", running.rows, WAITING)
  }<div class="pictures">${pictures}</div>${more(running, "Verifying")}`;
}

function rolloutOf(row: UpdateRow, now: string): Html | "" {
  const { rollout, appliedAt } = row.request.status ?? {};
  if (!rollout) return "";
  const title = `${row.target} in ${row.namespace}`;
  const marks = appliedAt === undefined
    ? []
    : [{ at: appliedAt, kind: "applied" as const, label: `${row.to} applied` }];
  return rolloutPicture({ id: cells.rowId(row, "rollout"), title, samples: rollout, marks, now });
}

function failed({ failed }: Shown): Html {
  if (failed.total === 0) return html``;
  const { workload, namespace, change, step, state, since } = cells;
  const lines = failed.rows.map((row) => ({ row }));
  return html`<h2>Failed or rolled back within a day</h2>${
    list("failed", "Updates that failed or were rolled back", lines, [workload, namespace, change, step, state, since])
  }${more(failed, "Finished")}`;
}

const WAITING = [cells.workload, cells.namespace, cells.change, cells.step, cells.state, cells.seen];

const list = (
  id: string,
  caption: string,
  lines: readonly cells.UpdateLine[],
  columns: readonly cells.UpdateColumn[],
): Html =>
  table({
    id: `${id}-table`,
    caption,
    class: "updates",
    columns,
    rows: lines.map((line) => cells.rowOf(line, id, columns)),
    head: columns.indexOf(cells.workload),
  });

const more = ({ rows, total }: { rows: readonly unknown[]; total: number }, phase: string): Html | "" =>
  rows.length === total
    ? ""
    : html`<p class="more">${total - rows.length} more: <a href="${addressOf("/updates", { phase })}">see all</a></p>`;

function byDay({ ended, now, kept }: Shown): Html {
  if (ended.length === 0) return html``;
  return html`${daysPicture({ id: "days", title: "Updates by day", now, days: DAYS, updates: ended.map(dayOf) })}${
    limits(keptFinished(kept))
  }`;
}
