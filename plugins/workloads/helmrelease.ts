import { chartSlot } from "./helmrelease/chart.ts";
import { defineWorkload } from "../../core/plugin.ts";
import { type HelmRelease, keepRelease } from "./helmrelease/release.ts";
import { readRollout } from "./helmrelease/rollout.ts";
import { helmRepository, ociRepository } from "./helmrelease/sources.ts";
import { VALUES_IMAGES, valuesSlots } from "./helmrelease/values.ts";

export default defineWorkload({
  kind: "workload",
  name: "helmrelease",
  description: "HelmReleases of Flux: their charts, and the images in their values.",
  resource: { group: "helm.toolkit.fluxcd.io", version: "v2", plural: "helmreleases", kind: "HelmRelease" },
  related: [helmRepository, ociRepository],
  discovers: true,
  annotations: {
    [VALUES_IMAGES]:
      "Images in the `spec.values` of a HelmRelease that are to be followed too, as `repository:tag` paths: " +
      "`image.repository:image.tag`, or `image.registry/image.repository:image.tag`; several are separated by commas",
  },
  keep: keepRelease,
  rollout: (object, find) => readRollout(object as HelmRelease, find),
  slots(object, find) {
    const release = object as HelmRelease;
    const chart = chartSlot(release, find);
    const values = valuesSlots(release);
    if (!chart.carrier || values.slots.length === 0) {
      return {
        ...chart,
        slots: [...chart.slots, ...values.slots],
        notes: [...chart.notes ?? [], ...values.notes ?? []],
      };
    }
    const message = `headwind.sh/${VALUES_IMAGES} is not followed where the chart comes by chartRef`;
    return { ...chart, notes: [...chart.notes ?? [], { reason: "InvalidAnnotation", message, type: "Warning" }] };
  },
});
