import type { FindObject, ObjectReference, Slot, SlotNote, SlotReading } from "../../../core/plugin.ts";
import type { HelmRelease } from "./release.ts";
import { chartSource, type HelmRepository, type OciRepository, SOURCE_API } from "./sources.ts";

/** The name of the slot that holds the chart's version. */
export const CHART = "chart";

const EXACT_VERSION = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** The version of a release's chart: in the release itself, or in the OCIRepository that its `chartRef` names. */
export function chartSlot(release: HelmRelease, find: FindObject): SlotReading {
  const { chart, chartRef } = release.spec ?? {};
  if (chartRef) return byReference(release, find);
  const { chart: name, version, sourceRef } = chart?.spec ?? {};
  if (typeof name !== "string" || name === "") return nothing("ChartNotNamed", "spec.chart.spec.chart names no chart");
  const { kind = "HelmRepository", name: source = "" } = sourceRef ?? {};
  const namespace = sourceRef?.namespace || release.metadata.namespace;
  const slot = slotOf(name, version, "*", "/spec/chart/spec/version", "/spec/chart/spec/chart");
  if (kind !== "HelmRepository") {
    const message =
      `its chart comes from a ${kind}, which has no list of versions: only a HelmRepository or an OCIRepository has`;
    return { slots: [slot], notes: [{ reason: "SourceKindUnsupported", message, type: "Warning" }] };
  }
  const reference = { apiVersion: SOURCE_API, kind, namespace, name: source };
  const found = find(reference);
  if (!("object" in found)) return { slots: [slot], notes: [notFound(reference, found)] };
  const at = chartSource((found.object as HelmRepository).spec, namespace);
  if (!at) return { slots: [slot], notes: [warning("InvalidChartSource", `${told(reference)} has no URL`)] };
  return { slots: [{ ...slot, source: at, ...resolved(slot, release) }] };
}

/** Of an OCIRepository `spec.ref` says the version, by `semver` or by `tag`. */
function byReference(release: HelmRelease, find: FindObject): SlotReading {
  const { kind = "", name = "", namespace: other } = release.spec?.chartRef ?? {};
  const namespace = other || release.metadata.namespace;
  if (kind !== "OCIRepository") {
    return nothing("SourceKindUnsupported", `its chartRef names a ${kind}: only an OCIRepository is followed`);
  }
  const reference = { apiVersion: SOURCE_API, kind, namespace, name };
  const found = find(reference);
  if (!("object" in found)) return { slots: [], notes: [notFound(reference, found)] };
  const { spec } = found.object as OciRepository;
  const [, above, chart] = /^(oci:\/\/.+)\/([^/]+)\/*$/.exec(spec?.url ?? "") ?? [];
  if (above === undefined || chart === undefined) {
    return nothing("InvalidChartSource", `the URL of ${told(reference)} names no chart`);
  }
  const { digest, semver, tag } = spec?.ref ?? {};
  if (digest) return nothing("PinnedToDigest", `${told(reference)} is pinned to a digest, which no version follows`);
  if (!semver && !tag) {
    return nothing("VersionNotNamed", `${told(reference)} has neither spec.ref.tag nor spec.ref.semver`);
  }
  const [field, version] = semver ? ["semver", semver] as const : ["tag", tag!.replaceAll("_", "+")] as const;
  if (field === "tag" && !EXACT_VERSION.test(version)) {
    return nothing("VersionNotNamed", `the tag of ${told(reference)}, ${tag!.slice(0, 128)}, is no version`);
  }
  const where = slotOf(chart, version, "", `/spec/ref/${field}`, "/spec/url", spec!.url);
  const slot: Slot = field === "tag" ? { ...where, asTag: true } : where;
  const source = chartSource(spec, namespace, above)!;
  return {
    slots: [{ ...slot, source, ...resolved(slot, release) }],
    carrier: reference,
  };
}

function slotOf(
  chart: string,
  version: string | undefined,
  otherwise: string,
  pointer: string,
  guard: string,
  guarded = chart,
): Slot {
  return {
    name: CHART,
    type: "chart",
    init: false,
    current: `${chart}:${version || otherwise}`,
    pointer,
    prefix: `${chart}:`,
    guards: [{ pointer: guard, value: guarded }],
    ...(version ? {} : { unwritten: true as const }),
  };
}

const versionOf = ({ current, prefix }: Slot) => current.slice(prefix.length);

/** What a range stands for now, as Flux has installed it. */
function resolved(slot: Slot, { status }: HelmRelease): Pick<Slot, "resolved"> {
  const version = status?.history?.[0]?.chartVersion ?? status?.lastAttemptedRevision;
  return EXACT_VERSION.test(versionOf(slot).trim()) || version === undefined ? {} : { resolved: version };
}

const told = ({ kind, namespace, name }: ObjectReference) => `${kind} ${namespace}/${name}`;
const warning = (reason: string, message: string): SlotNote => ({ reason, message, type: "Warning" });
const nothing = (reason: string, message: string): SlotReading => ({ slots: [], notes: [warning(reason, message)] });

function notFound(reference: ObjectReference, found: Exclude<ReturnType<FindObject>, { object: unknown }>): SlotNote {
  if ("missing" in found) return warning("SourceNotFound", `${told(reference)} does not exist`);
  const { problem, reason } = found;
  if (reason) return warning(reason, `${told(reference)} is not used: ${problem}`);
  const note = warning("SourceUnreadable", `${told(reference)} cannot be read: ${problem}`);
  return found.passing ? { ...note, passing: true } : note;
}
