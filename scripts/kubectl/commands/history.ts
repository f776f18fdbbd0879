import { historyOf } from "../../../core/updates/by_hand.ts";
import { isSameVersion, runs } from "../../../core/updates/compare.ts";
import type { Workload } from "../../../core/match/workload.ts";
import { age } from "../age.ts";
import { changeText } from "../version_text.ts";
import type { Command, Look } from "../command.ts";
import { findWorkload } from "../find_workload.ts";
import { shortName } from "../kinds.ts";
import { table } from "../table.ts";

export default {
  name: "history",
  summary: "Shows the changes that Headwind made to a workload, and what is held",
  arguments: [{ name: "WORKLOAD", offer: "workload" }],
  flags: [],
  formats: ["wide", "json", "yaml"],
  examples: ["history deployment/web", "history web -n shop -o wide"],
  async run(call) {
    const workload = await findWorkload(await call.cluster(), call.argument("WORKLOAD")!);
    const data = historyOf(workload);
    const { length } = data.history;
    if (length === 0) {
      call.note(`${shortName(workload.plugin, workload.name)} has no history: Headwind has changed nothing`);
    }
    return { data, text: (look) => length === 0 ? "" : told(workload, look) };
  },
} satisfies Command;

/** Newest first. Pure. */
export function told(workload: Workload, { wide, paint, now }: Look): string {
  const { history, held } = historyOf(workload);
  const newest = new Set<string>();
  const rows = history.map((entry) => {
    const { container, image, previousImage, timestamp, approvedBy, verified, rollback, updateRequestName } = entry;
    const slot = workload.slots.find(({ name }) => name === container);
    const isNewest = !newest.has(container);
    newest.add(container);
    const standing = held.some((hold) =>
      hold.container === container && hold.resumedAt === undefined && hold.image !== undefined &&
      isSameVersion(hold.image, image)
    );
    const notes = [
      ...(isNewest && slot && runs(slot.current, image) ? ["runs"] : []),
      ...(verified ? ["verified"] : []),
      ...(standing ? ["held"] : []),
      ...(rollback ? [`rollback: ${rollback.reason}`] : []),
    ];
    const [from, to] = wide ? [previousImage ?? "", image] : changeText(previousImage ?? image, image);
    return [
      container,
      previousImage === undefined ? "" : from,
      to,
      age(timestamp, now),
      rollback?.by ?? approvedBy ?? "policy",
      {
        text: notes.join(", "),
        colour: rollback || standing ? "red" as const : verified ? "green" as const : undefined,
      },
      ...(wide ? [timestamp, updateRequestName ?? ""] : []),
    ];
  });
  const head = ["CONTAINER", "FROM", "TO", "AGE", "BY", "NOTE", ...(wide ? ["TIME", "UPDATEREQUEST"] : [])];
  return table(head, rows, paint);
}
