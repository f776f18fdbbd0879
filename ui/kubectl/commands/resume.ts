import { activeHolds, groupOf, heldText, isHeldAs, namesText, requestsOf, resumeManually } from "../../../core/ui.ts";
import { changeAll } from "../by_hand.ts";
import type { Command } from "../command.ts";
import { dryMark } from "../cluster.ts";
import { containerArguments, containersMeant } from "../containers.ts";
import { Failure } from "../errors.ts";
import { findWorkload } from "../find_objects.ts";
import { shortName } from "../kinds.ts";

export default {
  name: "resume",
  summary: "Lets go what is held: it is offered again",
  about:
    "Without --version all that is held is let go, for the container, with those that run the same version of the same " +
    "repository or were held with it, or for all containers.",
  arguments: containerArguments,
  flags: [{
    name: "version",
    value: "IMAGE|TAG",
    help: "this version only; of a chart its version",
    offer: "held version",
  }],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: ["resume deployment/web", "resume web app --version 1.3.0"],
  async run(call) {
    const cluster = await call.cluster();
    const workload = await findWorkload(cluster, call.argument("WORKLOAD")!);
    const requests = await requestsOf(cluster, workload);
    const version = call.value("version");
    const meant = call.argument("CONTAINER") === undefined
      ? workload.slots
      : containersMeant(workload, call.argument("CONTAINER")).flatMap((slot) => groupOf(workload.slots, slot));
    const held = meant.flatMap((slot) => activeHolds(workload, slot, requests).map((hold) => ({ slot, hold })));
    const chosen = held.filter(({ hold }) => version === undefined || isHeldAs(hold, version));
    const short = shortName(workload.plugin, workload.name);
    const everything = held.find(({ hold }) => hold.image === undefined);
    if (version !== undefined && everything) {
      throw new Failure(
        `everything is held for ${everything.slot.name} of ${short}, not just ${version}: without --version it is let go`,
      );
    }
    if (chosen.length === 0) {
      const all = held.map(({ slot, hold }) => `${heldText(hold)} of ${slot.name}`);
      if (all.length === 0) throw new Failure(`nothing is held for ${short}`);
      throw new Failure(`${version} is not held for ${short}, but ${all.join(", ")}`);
    }
    const [first, ...others] = [...new Set(chosen.map(({ slot }) => slot.name))]
      .map((container) => ({ container, image: version }));
    const what = new Set(chosen.map(({ slot, hold }) => `${heldText(hold)} of ${slot.name}`));
    return await changeAll(
      { cluster, workload, requests, change: resumeManually, wanted: [first!, ...others] },
      (name, { containers = [] }) => {
        const others = containers.filter((container) => chosen.every(({ slot }) => slot.name !== container));
        const besides = others.length > 0 ? `, and what was held with it of ${namesText(others)}` : "";
        return `${name} resumed${dryMark(cluster)}: ${[...what].join(", ")}${besides}`;
      },
    );
  },
} satisfies Command;
