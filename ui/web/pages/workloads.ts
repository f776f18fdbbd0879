import * as z from "zod";
import { type Column, table } from "../parts/table.ts";
import { emptyState } from "../parts/empty_state.ts";
import { type Html, html } from "../html.ts";
import {
  brief,
  heldText,
  holdsNow,
  lastChange,
  listWorkloads,
  readCheckOutcome,
  WORKLOAD_FACETS,
  WORKLOAD_SORTS,
  WORKLOAD_STATES,
  type WorkloadPage,
  type WorkloadRow,
  type WorkloadSort,
} from "../../../core/web.ts";
import { image } from "../parts/image.ts";
import { limits } from "../parts/notice.ts";
import * as lists from "../parts/list.ts";
import { lookOfWorkload } from "../parts/looks.ts";
import { page, type PageCall, region } from "../page.ts";
import { polledHere } from "../parts/polled_here.ts";
import { status } from "../parts/status.ts";
import { time } from "../parts/time.ts";
import { updatePath, workloadPathOfKey } from "../paths.ts";
import { visibleWorkloads } from "../identity/visible_workloads.ts";

const query = z.object({
  ...lists.FIELDS,
  state: z.enum(WORKLOAD_STATES).optional(),
  sort: z.enum(WORKLOAD_SORTS).default(lists.USUAL_SORT),
});
type Query = z.infer<typeof query>;

const list: lists.List = {
  path: "/workloads",
  noun: "workload",
  facets: WORKLOAD_FACETS,
  searched: "workload, container, image",
  labelOf: (facet, value) => facet === "state" ? lookOfWorkload(value).word : value,
};

/** A line, with what is looked up for those that are shown alone. */
interface Line {
  row: WorkloadRow;
  held: string[];
  changedAt?: string;
  checked?: { at: number; problem?: string };
}

interface Workloads {
  found: WorkloadPage;
  lines: Line[];
  isComplete: boolean;
  polls: ReturnType<PageCall["context"]["registries"]["polls"]>;
}

/** All workloads that Headwind looks after. */
export default page<typeof query, Workloads>({
  path: list.path,
  query,
  async read({ context, person, query }) {
    const { rows, isComplete } = await visibleWorkloads({ context, person }, query.namespace);
    const found = listWorkloads(rows, { ...query, size: context.settings.ui().max_items_per_page });
    return {
      found,
      lines: found.rows.map((row) => lineOf(row, context)),
      isComplete,
      polls: context.registries.polls(),
    };
  },
  title: () => "Workloads",
  regions: (data, { query }) => [
    region("filters", lists.filtersOf(list, data.found, query), { live: false }),
    region("workloads", workloads(data, query)),
  ],
});

function lineOf(row: WorkloadRow, { requests, registries }: PageCall["context"]): Line {
  const changed = lastChange(row.workload);
  const asked = readCheckOutcome(row.workload.lastCheck);
  const askedAt = Date.parse(asked?.at ?? "");
  const checks = [
    ...row.workload.slots.flatMap(({ name }) => registries.lastCheck(row.key, name) ?? []),
    // anybody may write into the annotation that says it
    ...Number.isNaN(askedAt) ? [] : [{ at: askedAt, ...(asked?.error === undefined ? {} : { problem: asked.error }) }],
  ];
  const checked = checks.sort((a, b) => b.at - a.at)[0];
  return {
    row,
    held: holdsNow(row.workload, requests.ofWorkload(row.key)).map(heldText),
    ...(changed ? { changedAt: changed.timestamp } : {}),
    ...(checked ? { checked } : {}),
  };
}

function workloads({ found, lines, isComplete, polls }: Workloads, query: Query): Html {
  const left = lists.notAllAsked(isComplete);
  if (lines.length === 0) return html`${left}${nothing(found, query)}`;
  const sorted = (name: string, sort: WorkloadSort): Column => ({
    name,
    sort: {
      href: lists.addressIn(list, query, { sort, page: 1 }),
      direction: query.sort === sort ? "ascending" : undefined,
    },
  });
  return html`
    ${left}
    ${table({
      id: "workloads-table",
      class: "workloads",
      caption: "Workloads",
      columns: [
        sorted("Workload", "workload"),
        sorted("Namespace", "namespace"),
        { name: "Runs", class: "runs" },
        { name: "Candidate" },
        { ...sorted("Policy", "policy"), class: "policy" },
        sorted("State", "state"),
        { name: "Last change", look: "narrow" },
        { name: "Last check", look: "narrow", class: "checked" },
      ],
      rows: lines.map((line) => ({ id: `w-${line.row.key}`, look: line.row.state, cells: cellsOf(line) })),
    })}
    ${lists.pagerOf(list, found, query)}
    ${limits(html`Workloads with a policy are listed. ${polledHere(polls)}`)}
  `;
}

/** Containers of a line that are shown; a workload may have many. */
const MOST_CONTAINERS = 4;

function cellsOf({ row, held, changedAt, checked }: Line): (Html | string)[] {
  const { workload, candidate, namespace, target, policy, state } = row;
  const shown = workload.slots.slice(0, MOST_CONTAINERS);
  const more = workload.slots.length - shown.length;
  return [
    html`<a href="${workloadPathOfKey(row.key)}">${target}</a>`,
    namespace,
    html`${
      shown.map(({ name, current }) =>
        html`<div class="runs"><span class="containers">${name}</span> ${image(current)}</div>`
      )
    }${more > 0 ? html`<div>and ${more} more</div>` : ""}`,
    candidate ? html`<a href="${updatePath(candidate)}">${candidate.to}</a>` : "",
    policy,
    html`${status(lookOfWorkload(state))} ${
      held.length > 0 ? html`<span class="why">${brief(`holds ${held.join(", ")}`)}</span>` : ""
    }`,
    changedAt ? time(changedAt) : "",
    checked ? html`${time(checked.at)} ${checked.problem ? html`<span class="why">failed</span>` : ""}` : "",
  ];
}

/** Why there is no line, and what to do about it. */
function nothing(found: WorkloadPage, query: Query): Html {
  const none = lists.noneShown(list, found, query);
  if (none) return none;
  if (query.namespace !== undefined) {
    return emptyState({
      title: `There is no workload with a policy in namespace ${query.namespace}, or you may not see it`,
      text: html`<a href="/workloads">Show all namespaces</a>`,
    });
  }
  return emptyState({
    title: "No workload has a policy yet",
    text: "Headwind looks after what says which versions it wants:",
    command: {
      id: "first-policy",
      text: "kubectl annotate deployment NAME -n NAMESPACE headwind.sh/policy=minor",
    },
  });
}
