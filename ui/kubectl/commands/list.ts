import {
  brief,
  isFinished,
  KubeError,
  LABELS,
  listRequests,
  type Phase,
  rowOf,
  type UpdateRequest,
} from "../../../core/ui.ts";
import { age, type Colour, table } from "../print.ts";
import type { Command, Look } from "../command.ts";
import { Failure } from "../errors.ts";
import { fullRequestName } from "../find_objects.ts";

export default {
  name: "list",
  summary: "Lists the UpdateRequests that wait, or are under way",
  arguments: [],
  flags: [
    { name: "all-namespaces", short: "A", help: "of all namespaces" },
    { name: "all", help: "the finished ones too" },
    { name: "selector", short: "l", value: "SELECTOR", help: `those with such labels: ${LABELS.join(", ")}` },
  ],
  formats: ["wide", "name", "json", "yaml"],
  examples: ["list", "list -A -o wide", "list --all -n shop -l headwind.sh/workload-name=web"],
  async run(call) {
    const everywhere = call.has("all-namespaces");
    const cluster = await call.cluster();
    const selector = call.value("selector");
    const all = await listRequests(cluster, { everywhere, selector }).catch((error: unknown) => {
      if (selector === undefined || !(error instanceof KubeError && error.status === 400)) throw error;
      throw new Failure(`--selector ${selector} is none: ${error.said}`);
    });
    const shown = call.has("all") ? all : all.filter((request) => !isFinished(request));
    if (shown.length === 0) {
      const where = everywhere ? "" : ` in ${cluster.namespace} namespace`;
      const finished = all.length > 0 ? `, but ${all.length} finished: --all shows them` : "";
      call.note(`No UpdateRequests found${where}${finished}${finished ? "" : "."}`);
    }
    return {
      data: { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items: shown },
      names: shown.map(fullRequestName),
      text: (look) => shown.length === 0 ? "" : listed(shown, everywhere, look),
    };
  },
} satisfies Command;

const colours: Partial<Record<Phase, Colour>> = {
  Pending: "yellow",
  Approved: "cyan",
  Verifying: "cyan",
  Completed: "green",
  Failed: "red",
  RolledBack: "red",
  Held: "red",
};

/** Pure. */
export function listed(requests: readonly UpdateRequest[], everywhere: boolean, { wide, paint, now }: Look): string {
  const head = [
    ...(everywhere ? ["NAMESPACE"] : []),
    ...["NAME", "WORKLOAD", "CONTAINER", "FROM", "TO", "PHASE", "REASON", "AGE"],
    ...(wide ? ["POLICY", "DECIDED BY", "MESSAGE"] : []),
  ];
  const rows = requests.map(rowOf).map((row) => {
    const { namespace, name, target, containers, phase, hand, reason, request: { metadata, spec, status } } = row;
    const [from, to] = wide ? [spec.currentImage, spec.newImage] : [row.from, row.to];
    return [
      ...(everywhere ? [namespace] : []),
      name,
      target,
      brief(containers),
      from,
      to,
      { text: brief([phase, hand].filter((text) => text).join(", ")), colour: colours[phase] },
      brief(reason ?? ""),
      age(metadata.creationTimestamp, now),
      ...(wide ? [row.policy, row.decided?.by ?? "", brief(status?.message ?? "")] : []),
    ];
  });
  return table(head, rows, paint);
}
