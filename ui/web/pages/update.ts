import {
  BadRequest,
  beyondDecision,
  forbidden,
  hasEnded,
  type Phase,
  rightOnRequests,
  rightToChange,
  rowOf,
  type TemplateDiff,
  templateDiff,
  type TimelineEntry,
  type UpdateRequest,
  type UpdateRow,
  updateTimeline,
  type Wait,
  waitOf,
  type Workload,
} from "../../../core/web.ts";
import { askedOf } from "../parts/asked.ts";
import { counted } from "../pictures/numbers.ts";
import { diff } from "../parts/diff.ts";
import { type Html, html } from "../html.ts";
import { imageChange } from "../parts/image.ts";
import { limits } from "../parts/notice.ts";
import { NO_QUERY, page, region } from "../page.ts";
import type { Person } from "../identity/person.ts";
import { type Origins, originsOf, originsText } from "../parts/origins.ts";
import { phaseStatus } from "../parts/status.ts";
import { questions } from "../parts/questions.ts";
import { type RolloutMark, rolloutPicture } from "../pictures/rollout.ts";
import { sentence } from "../parts/sentence.ts";
import { timeline } from "../parts/timeline.ts";
import { wait } from "../parts/wait.ts";
import { workloadPath } from "../paths.ts";

/** What the page of one update shows. */
interface UpdateReport {
  row: UpdateRow;
  request: UpdateRequest;
  workload: Workload | undefined;
  wait: Wait | undefined;
  mayDecide: boolean;
  /** Whether they may change the workload: hold, resume, roll back. */
  mayChange: boolean;
  /** Whether they may have it made anew. */
  mayRetry: boolean;
  history: TimelineEntry[];
  change: TemplateDiff;
  origins: Origins;
  /** Finished updates that are kept of each workload. */
  kept: number;
}

/** One update: what it is, what is asked of the reader, what holds it, what happened. */
export default page({
  path: "/updates/:namespace/:name",
  query: NO_QUERY,
  async read(call): Promise<UpdateReport> {
    const { context, person, params: { namespace = "", name = "" }, now } = call;
    if (!await person.may(rightOnRequests("get", namespace, name))) {
      throw forbidden(person.name, rightOnRequests("get", namespace));
    }
    const request = context.requests.get(`${namespace}/${name}`);
    if (!request) throw new BadRequest(`there is no UpdateRequest ${namespace}/${name}`, "name", 404);
    const row = rowOf(request);
    const workload = context.workloads.get(row.workload);
    const [mayDecide, mayChange, mayRetry, origins] = await Promise.all([
      row.isUndecided && person.may(rightOnRequests("approve", namespace, name)),
      workload !== undefined && person.may(rightToChange(workload)),
      workload !== undefined && hasEnded(request) && mayMakeAnew(request, workload, person),
      originsOf(request, workload, call),
    ]);
    return {
      row,
      request,
      workload,
      wait: waitOf(request, workload, now.getTime()),
      mayDecide,
      mayChange,
      mayRetry,
      history: updateTimeline(request),
      change: templateDiff(request, workload),
      origins,
      kept: context.config.HEADWIND_KEEP_FINISHED,
    };
  },
  title: ({ row }) => `${row.target} ${row.from} → ${row.to}`,
  regions: (report, { now }) => [
    region("change", changeOf(report)),
    region("asked", askedOf(report)),
    region("holds", holdsOf(report)),
    region("rollout", rolloutOf(report, now)),
    region("timeline", html`<h2>What happened</h2>${timeline(report.history)}`),
    region("questions", questions(report.request, report.workload)),
    region("template", html`<h2>What is written</h2>${diff(report.change)}`),
    region("source", html`<h2>Where the images come from</h2>${originsText(report.origins)}`),
    region(
      "limits",
      limits(
        html`The last ${LAST_STEPS} steps and ${MOST_SAMPLES} counts of pods are kept with an update, and ${
          counted(report.kept, "finished update")
        } for each workload.`,
      ),
    ),
  ],
});

/** As the CRD bounds `status.steps`, and as many counts as are kept of a rollout. */
const LAST_STEPS = 64;
const MOST_SAMPLES = 40;

/** It is deleted and created; without approval it is as good as approved, and what holds it stands on the workload. */
async function mayMakeAnew({ metadata, spec, status }: UpdateRequest, workload: Workload, person: Person) {
  const { namespace, name } = metadata;
  const verbs = ["delete", "create", ...spec.requireApproval === false ? ["approve"] : []];
  const rights = [
    ...verbs.map((verb) => rightOnRequests(verb, namespace, name)),
    ...status?.phase === "Held" ? [rightToChange(workload)] : [],
  ];
  return (await Promise.all(rights.map(person.may))).every((may) => may);
}

function changeOf({ row, request }: UpdateReport): Html {
  const { currentImage, newImage, targetRef, policy, reason } = request.spec;
  return html`
    <p class="lead">${imageChange(currentImage, newImage)}</p>
    <dl class="facts">
      <div><dt>Status</dt><dd>${phaseStatus(row.phase)}</dd></div>
      <div><dt>Workload</dt><dd><a href="${workloadPath(targetRef)}">${targetRef.kind} ${targetRef
        .namespace}/${targetRef.name}</a></dd></div>
      <div><dt>${row.containers.includes(" ") ? "Containers" : "Container"}</dt><dd>${row.containers}</dd></div>
      <div><dt>Step</dt><dd>${row.step}</dd></div>
      <div><dt>Policy</dt><dd>${policy}${reason ? html`: ${reason}` : ""}</dd></div>
      ${row.hand
        ? html`
          <div>
            <dt>Origin</dt>
            <dd>${row.hand}</dd>
          </div>
        `
        : ""}
    </dl>
  `;
}

function holdsOf({ row, wait: waits }: UpdateReport): Html {
  if (!waits) {
    const why = beyondDecision(row.why, row.decided);
    return html`
      <h2>What holds it</h2>
      <p>Nothing: it is finished.</p>
      ${why === "" ? "" : html`<p class="why">${sentence(why)}</p>`}
    `;
  }
  return html`
    <h2>What holds it</h2>
    <p>${wait({ ...waits, sentence: beyondDecision(waits.sentence, row.decided) })}</p>
  `;
}

const MARKS: Partial<Record<Phase, RolloutMark["kind"]>> = {
  Verifying: "applied",
  Completed: "verified",
  Failed: "failed",
  RolledBack: "rollback",
};

/** Of one that was not applied, and of what has no pods, there is nothing to see. */
function rolloutOf({ request: { status }, row }: UpdateReport, now: Date): Html {
  const counted = status?.rollout !== undefined && status.rollout.length > 0;
  if (!status || !(counted || row.stage === "running")) return html``;
  let applied = false;
  const marks = (status.steps ?? []).flatMap(({ at, phase, message }): RolloutMark[] => {
    const kind = MARKS[phase];
    if (!kind) return [];
    if (kind !== "applied") return [{ at, kind, label: message }];
    if (applied) return [{ at, kind: "check", label: message }];
    applied = true;
    return [{ at, kind, label: `${row.to} applied` }];
  });
  return rolloutPicture({
    id: "rollout-picture",
    samples: status.rollout ?? [],
    marks,
    ...(row.stage === "running" ? { now: now.toISOString() } : {}),
  });
}
