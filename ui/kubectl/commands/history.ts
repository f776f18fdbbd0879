import {
  actorText,
  changeText,
  HEADWIND,
  heldText,
  historyOf,
  historyReport,
  type Hold,
  holdsOf,
  requestsOf,
  unwrittenOf,
  type Workload,
} from "../../../core/ui.ts";
import { age, table } from "../print.ts";
import type { Command, Look } from "../command.ts";
import { findWorkload } from "../find_objects.ts";
import { shortName } from "../kinds.ts";

export default {
  name: "history",
  summary: "Shows the changes that Headwind made to a workload, and what is held",
  arguments: [{ name: "WORKLOAD", offer: "workload" }],
  flags: [],
  formats: ["wide", "json", "yaml"],
  examples: ["history deployment/web", "history web -n shop -o wide"],
  async run(call) {
    const cluster = await call.cluster();
    const workload = await findWorkload(cluster, call.argument("WORKLOAD")!);
    const requests = await requestsOf(cluster, workload);
    const data = historyOf(workload);
    const { length } = data.history;
    if (length === 0) {
      call.note(`${shortName(workload.plugin, workload.name)} has no history: Headwind has changed nothing`);
    }
    const holds = holdsOf(workload, requests);
    return {
      data: { ...data, held: [...data.held, ...unwrittenOf(workload, requests)] },
      text: (look) =>
        [...length > 0 ? [told(workload, holds, look)] : [], ...holds.length > 0 ? [heldNow(holds, look)] : []]
          .join("\n\n"),
    };
  },
} satisfies Command;

/** What is held and why, whether it ever ran or not. Pure. */
export function heldNow(holds: readonly Hold[], { wide, paint, now }: Look): string {
  const rows = holds.map((hold) => [
    hold.container,
    { text: wide && hold.image !== undefined ? hold.image : heldText(hold), colour: "red" as const },
    age(hold.at, now),
    actorText(hold.by),
    hold.reason,
  ]);
  return table(["CONTAINER", "HELD", "AGE", "BY", "WHY"], rows, paint);
}

/** The changes, newest first. Pure. */
export function told(workload: Workload, held: readonly Hold[], { wide, paint, now }: Look): string {
  const rows = historyReport(workload, held).map((entry) => {
    const {
      container,
      image,
      previousImage,
      timestamp,
      approvedBy,
      verified,
      rollback,
      updateRequestName,
      runs,
      held,
    } = entry;
    const notes = [
      ...(runs ? ["runs"] : []),
      ...(verified ? ["verified"] : []),
      ...(held ? ["held"] : []),
      ...(rollback ? [`rollback: ${rollback.reason}`] : []),
    ];
    const [from, to] = wide ? [previousImage ?? "", image] : changeText(previousImage ?? image, image);
    return [
      container,
      previousImage === undefined ? "" : from,
      to,
      age(timestamp, now),
      actorText(rollback?.by ?? approvedBy ?? HEADWIND),
      {
        text: notes.join(", "),
        colour: rollback || held ? "red" as const : verified ? "green" as const : undefined,
      },
      ...(wide ? [timestamp, updateRequestName ?? ""] : []),
    ];
  });
  const head = ["CONTAINER", "FROM", "TO", "AGE", "BY", "NOTE", ...(wide ? ["TIME", "UPDATEREQUEST"] : [])];
  return table(head, rows, paint);
}
