import type { Html } from "../html.ts";
import { html } from "../html.ts";
import { emptyState } from "../parts/empty_state.ts";
import { image } from "../parts/image.ts";
import { type Look, SIGNS } from "../parts/looks.ts";
import { status } from "../parts/status.ts";
import { limits, notice } from "../parts/notice.ts";
import { NO_QUERY, page, region } from "../page.ts";
import { type Row, table } from "../parts/table.ts";
import { time } from "../parts/time.ts";
import {
  brief,
  namespacesWhere,
  type RegistryReport,
  type RegistryRow,
  type RegistryStanding,
} from "../../../core/web.ts";

interface Data extends RegistryReport {
  /** This replica. */
  identity: string;
}

const looks: Record<RegistryStanding, Look> = {
  "left alone": { word: "Left alone", icon: "pause", tone: "warn" },
  "failing": { word: "Failing", ...SIGNS.bad },
  "read": { word: "Read", ...SIGNS.good },
  "asked": { word: "Asked", ...SIGNS.usual },
  "not asked": { word: "Not asked", ...SIGNS.absent },
};

export default page({
  path: "/registries",
  query: NO_QUERY,
  async read({ context, person }): Promise<Data> {
    const { where } = await namespacesWhere(person, "list", context.workloadRows.namespaces);
    const report = context.registries.report(where === "all" ? undefined : where);
    return { ...report, identity: context.identity };
  },
  title: () => "Registries",
  regions: (data) => [
    region("polling", polling(data)),
    region("registries", data.rows.length === 0 ? nothing(data) : hosts(data)),
    region("failing", failing(data.rows)),
    region("limits", limits(bounds(data))),
  ],
});

function polling({ polling, lastPollAt, identity }: Data): Html {
  if (polling.here) {
    const last = lastPollAt === undefined ? "It has not polled yet." : html`Its last poll was ${time(lastPollAt)}.`;
    return html`<p>This replica, <b>${identity}</b>, holds the Lease and polls. ${last}</p>`;
  }
  const who = polling.by === undefined
    ? "nobody is known to hold the Lease"
    : html`<b>${polling.by}</b> holds the Lease`;
  return notice(
    "quiet",
    html`
      This replica, <b>${identity}</b>, does not poll: ${who}. What stands here is what this replica has asked itself, to look up
      versions that webhooks told of${lastPollAt === undefined ? "" : html`, and its last poll, ${time(lastPollAt)}`}.
    `,
  );
}

function hosts({ rows }: Data): Html {
  return table({
    id: "registry-list",
    class: "hosts",
    caption: "Registries and Helm repositories, those with trouble first",
    columns: [
      { name: "Host" },
      { name: "State" },
      { name: "Quota left" },
      { name: "Last poll" },
      { name: "Last request" },
      { name: "Last error", class: "error" },
      { name: "429" },
      { name: "Workloads", look: "number" },
    ],
    rows: rows.map((row): Row => ({
      id: `registry-${row.host}`,
      cells: [
        image(row.host),
        state(row),
        quota(row),
        row.lastPoll
          ? html`${time(row.lastPoll.at)}, ${row.lastPoll.problem === undefined ? "read" : "failed"}`
          : "never",
        row.lastRequest ? html`${time(row.lastRequest.at)}, ${answerText(row.lastRequest.status)}` : "never",
        row.lastError ? html`${brief(row.lastError.message)} (${time(row.lastError.at)})` : "none",
        row.lastRefusedAt === undefined ? "none" : html`${row.refusals}, the last ${time(row.lastRefusedAt)}`,
        row.polled === 0 ? String(row.workloads) : `${row.workloads}, ${row.polled} polled`,
      ],
    })),
  });
}

const unanswered: Look = { word: "No answer", icon: "alert-fill", tone: "warn" };

function state({ standing, pause, lastRequest }: RegistryRow): Html {
  const look = status(standing === "asked" && lastRequest?.status === "error" ? unanswered : looks[standing]);
  if (!pause) return look;
  const whose = { all: "", "a login": " with one login", "no login": " without a login" }[pause.of];
  return html`${look}${whose}, asked again ${time(pause.until)}`;
}

/** Of the login that has least left. */
function quota({ quotas: [least, ...others] }: RegistryRow): Html | string {
  if (!least) return "not told";
  const { remaining, limit, windowSeconds, resetsAt, at, withLogin } = least;
  const of = limit === undefined ? "" : ` of ${limit}`;
  const window = windowSeconds === undefined ? "" : ` in ${span(windowSeconds)}`;
  const whose = withLogin ? "with a login" : "without a login";
  const more = others.length === 0 ? "" : `, the least of ${others.length + 1} logins`;
  const amount = remaining === 0
    ? status({ word: `0${of}${window}`, icon: "stop", tone: "bad" })
    : limit !== undefined && remaining * 10 < limit
    ? status({ word: `${remaining}${of}${window}`, icon: "alert-fill", tone: "warn" })
    : `${remaining}${of}${window}`;
  const reset = resetsAt === undefined ? "" : html`, whole again ${time(resetsAt)}`;
  return html`${amount} ${whose}${more}${reset}, told ${time(at)}`;
}

const answerText = (status: number | "error") => status === "error" ? "no answer" : String(status);

/** `6 h`, of seconds. */
function span(seconds: number): string {
  for (const [unit, size] of [["d", 86_400], ["h", 3600], ["min", 60]] as const) {
    if (seconds % size === 0 && seconds > 0) return `${seconds / size} ${unit}`;
  }
  return `${seconds} s`;
}

function failing(rows: readonly RegistryRow[]): Html {
  const all = rows.flatMap(({ failing }) => failing);
  if (all.length === 0) return html``;
  return html`
    <h2>Could not be read at the last poll</h2>
    ${table({
      id: "failing-list",
      caption: "Repositories that could not be read at their last poll, by registry",
      columns: [{ name: "Repository" }, { name: "Why" }, { name: "When" }],
      rows: all.map(({ repository, message, at }, index) => ({
        // one that is read with several logins may fail with each
        id: `failing-${repository}-${all.slice(0, index).filter((one) => one.repository === repository).length}`,
        cells: [image(repository), brief(message), time(at)],
      })),
    })}
  `;
}

function nothing({ isPartial }: Data): Html {
  if (isPartial) return emptyState({ title: "No workload that you may see uses a registry" });
  return emptyState({
    title: "No registry is used yet",
    text: "Registries stand here as soon as a workload has a policy.",
    command: { id: "give-a-policy", text: "kubectl annotate deployment/NAME headwind.sh/policy=minor" },
  });
}

function bounds({ rows, more, isPartial }: Data): Html {
  const others = rows.some(({ host }) => host === "other")
    ? " Hosts beyond the first hundred that were asked are told of together, as other."
    : "";
  return html`
    What was asked, and what came of it, is known since this replica started, and of this replica alone.${others}${isPartial
      ? " Hosts, and repositories that fail, are those of workloads in namespaces whose UpdateRequests you may list; errors that may " +
        "name others' repositories are left out."
      : ""}${more ===
        0
      ? ""
      : ` ${more} more hosts are used by workloads.`}
  `;
}
