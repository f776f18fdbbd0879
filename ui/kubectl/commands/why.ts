import { registryOptions } from "../settings.ts";
import { commandFor } from "../advice.ts";
import {
  createRegistryReader,
  describeGates,
  describeWorkload,
  readPollEvents,
  reasonForNone,
  reportSlot,
  requestsOf,
  type SlotReport,
} from "../../../core/ui.ts";
import type { Command } from "../command.ts";
import { containerArguments, containersMeant } from "../containers.ts";
import { findWorkload } from "../find_objects.ts";
import { whyText } from "../why_text.ts";

export default {
  name: "why",
  summary: "Tells for each container, or chart, which versions there are, and why each is taken or not",
  about:
    "It reads the workload, its UpdateRequests, the Events in which Headwind says that its polls fail and, by your rights to the workload's Secrets, the registry's list of tags, " +
    "or the index of a chart's repository. " +
    "HEADWIND_REGISTRY_CA, HEADWIND_INSECURE_REGISTRIES, HEADWIND_HELM_INDEX_LIMIT, HEADWIND_HELM_AUTO_DISCOVERY, " +
    "HEADWIND_CROSS_NAMESPACE and HEADWIND_NAMESPACES mean here what they mean to Headwind.",
  arguments: containerArguments,
  flags: [{ name: "all", help: "all versions, however many; -o json and yaml have them anyway" }],
  formats: ["wide", "json", "yaml"],
  examples: ["why deployment/web", "why web app --all -o wide", "why hr/podinfo"],
  async run(call) {
    const cluster = await call.cluster();
    const workload = await findWorkload(cluster, call.argument("WORKLOAD")!);
    const asked = call.argument("CONTAINER");
    const slots = asked === undefined ? workload.slots : containersMeant(workload, asked);
    const [requests, readings] = await Promise.all([
      requestsOf(cluster, workload),
      readPollEvents(cluster.client, workload),
    ]);
    const reader = createRegistryReader(cluster.client, await registryOptions(cluster.env));
    const stories: SlotReport[] = await Promise.all(slots.map(async (slot) => {
      const registry = reasonForNone(workload, slot) === undefined ? await reader.read(workload, slot) : undefined;
      return reportSlot({
        workload,
        slot,
        requests,
        registry,
        readings,
        advise: (action) => call.advise(...commandFor(action)),
        now: call.now(),
      });
    })).finally(reader.close);
    const all = call.has("all");
    return {
      data: { ...describeWorkload(workload), containers: stories },
      text: (look) => whyText({ workload, gates: describeGates(workload), stories, all }, look),
    };
  },
} satisfies Command;
