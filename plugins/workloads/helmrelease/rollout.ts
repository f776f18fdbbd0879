import type { Condition, HelmRelease } from "./release.ts";
import type { FindObject, Rollout } from "../../../core/plugin.ts";
import { type OciRepository, SOURCE_API } from "./sources.ts";

/**
 * How far Flux has come with a release, as its conditions say: `Ready`, `Released`, `Reconciling`, `Stalled`, each of the
 * release's own generation. Where the release asks Flux to try again by itself (`remediation.retries`), nothing has failed
 * before it is `Stalled`. Where it does not, Flux still tries again what could not be rendered, which is a failure at once.
 *
 * Source: https://fluxcd.io/flux/components/helm/helmreleases/#conditions
 */
export function readRollout(object: HelmRelease, find: FindObject): Rollout {
  const { metadata, spec, status }: Partial<HelmRelease> = object ?? {};
  if (spec?.suspend === true) return { state: "none", reason: "Suspended", message: "the HelmRelease is suspended" };
  const generation = count(metadata?.generation, 1);
  const conditions = (Array.isArray(status?.conditions) ? status.conditions : []).filter((condition) =>
    count(condition?.observedGeneration) >= generation
  );
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  const behind = behindSource(object ?? {}, find);
  if (behind) return behind;
  const [ready, released, tested, reconciling] = [of("Ready"), of("Released"), of("TestSuccess"), of("Reconciling")];
  const isTrying = reconciling?.status === "True";
  const isStalled = of("Stalled")?.status === "True";
  if (ready?.status === "True" && count(status?.observedGeneration) >= generation && !isTrying) {
    return { state: "complete", reason: "Released", message: "the chart is released, and its resources are ready" };
  }
  // a rollback of Flux's own overwrites Ready: what failed stands in Released
  const fault = [released, tested, ready].find((condition) => condition?.status === "False") ??
    (isStalled ? of("Stalled") : undefined);
  const isFinal = isStalled || !isTrying || (fault !== ready && !triesAgain(spec));
  if (fault && isFinal) return { state: "failed", ...reasonOf(fault, "ReleaseFailed") };
  if (fault) return { state: "progressing", ...reasonOf(fault, "ReleaseFailed") };
  const known = reconciling ?? ready;
  if (!known) return { state: "progressing", reason: "NotObserved", message: "Flux has not seen the change yet" };
  return { state: "progressing", ...reasonOf(known, "Progressing") };
}

const triesAgain = (spec: HelmRelease["spec"]): boolean =>
  [spec?.install, spec?.upgrade].some((action) =>
    (action?.remediation?.retries ?? 0) !== 0 || action?.strategy?.name === "RetryOnFailure"
  );

/** A chart by `chartRef` changes without the release: it is not out before the release has that OCIRepository's revision. */
function behindSource({ metadata, spec, status }: Partial<HelmRelease>, find: FindObject): Rollout | undefined {
  const { kind, name, namespace: other } = spec?.chartRef ?? {};
  const namespace = other || metadata?.namespace;
  if (kind !== "OCIRepository" || typeof name !== "string" || typeof namespace !== "string") return undefined;
  const found = find({ apiVersion: SOURCE_API, kind, namespace, name });
  if (!("object" in found)) return undefined;
  const source = found.object as OciRepository;
  const which = `OCIRepository ${namespace}/${name}`;
  const revision = source.status?.artifact?.revision;
  const isFetched = count(source.status?.observedGeneration) >= count(source.metadata?.generation, 1);
  if (!isFetched || typeof revision !== "string" || !revision.includes("@")) {
    if (source.spec?.suspend === true) return { state: "none", reason: "Suspended", message: `${which} is suspended` };
    return { state: "progressing", reason: "SourceNotReady", message: `${which} is not fetched yet` };
  }
  const released = status?.lastAttemptedRevisionDigest;
  if (typeof released === "string" && revision.endsWith(`@${released}`)) return undefined;
  return { state: "progressing", reason: "NotObserved", message: "Flux has not released the new revision yet" };
}

const count = (value: unknown, otherwise = 0): number => typeof value === "number" ? value : otherwise;

/** Helm's messages have several lines. */
function reasonOf({ reason, message }: Condition, otherwise: string): Pick<Rollout, "reason" | "message"> {
  const text = typeof message === "string" ? sentence(sentence(message.slice(0, 4096)).slice(0, 1024)) : "";
  return {
    reason: typeof reason === "string" && /^[A-Z][A-Za-z0-9]+$/.test(reason) ? reason : otherwise,
    message: text.length > 1 ? text : "the HelmRelease does not say why",
  };
}

const sentence = (text: string) => withoutEnd(text.replaceAll(/\s+/g, " ")).trim();

/** Without full stops and blanks at its end; a regular expression would look for the end at each of them. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "." || text[end - 1] === " ")) end--;
  return text.slice(0, end);
}
