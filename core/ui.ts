/**
 * What the faces of Headwind show and do: the one module of core, beside the plugin contract, that `ui/kubectl` imports, and
 * part of what `ui/web` does. It reads with whatever client it is given, so with a person's own rights, and loads neither the
 * operator nor its servers.
 *
 * @module
 */

// the read model: what there is to see
export {
  type Action,
  heldText,
  holdsOf,
  isHeldAs,
  type Resume,
  resumeOf,
  unwrittenOf,
} from "./read_model/current_holds.ts";
export { historyReport } from "./read_model/history_report.ts";
export { readPollEvents } from "./read_model/poll_failures.ts";
export { RANGE_POLICY, reasonForNone } from "./read_model/range_report.ts";
export { createRegistryReader, type RegistryReaderOptions, withCause } from "./read_model/registry_versions.ts";
export { listRequests, requestsOf } from "./read_model/request_reads.ts";
export { describeGates, describeWorkload, reportSlot, type SlotReport } from "./read_model/slot_report.ts";
export { type State } from "./read_model/version_report.ts";
export { leftOutText, shorten } from "./read_model/shorten_versions.ts";
export { rowOf } from "./read_model/update_row.ts";
export { preferManaged, projectWhole } from "./read_model/workload_reads.ts";

// what a person changes
export {
  historyOf,
  holdManually,
  type ManualChange,
  type ManualChangeOptions,
  ManualChangeRefused,
  type ManualChangeResult,
  resumeManually,
  rollBackManually,
} from "./lifecycle/manual_change.ts";
export { namedTarget } from "./lifecycle/rollback.ts";
export { NotMadeAnew, RetryRefused, retryUpdate, type RetryWrites } from "./lifecycle/retry_update.ts";
export { AlreadyDecided, createUpdateStore, isMissingCrd, MISSING_CRD } from "./requests/store.ts";

// UpdateRequests and workloads, and the words of both
export { checkAnnotationNames } from "./health/check_annotations.ts";
export { definitionOf } from "./policy/policies.ts";
export { actorText, HEADWIND } from "./requests/actors.ts";
export { containersOf, namesText, slotsText } from "./requests/containers.ts";
export { type HistoryEntry, readHistory } from "./requests/history.ts";
export { activeHolds, type Hold, writtenHolds } from "./requests/holds.ts";
export { LABELS } from "./requests/metadata.ts";
export { type Phase } from "./requests/phases.ts";
export {
  type Decision,
  handOf,
  hasEnded,
  isFinished,
  isUndecided,
  RESOURCE,
  type UpdateRequest,
} from "./requests/update_request.ts";
export { isOci } from "./versions/chart_repository.ts";
export { isSameVersion, readAs, readReference, sameRepository, versionOf } from "./versions/compare.ts";
export { isTag } from "./versions/reference.ts";
export { changeText, versionText } from "./versions/version_text.ts";
export { PREFIX } from "./workloads/annotations.ts";
export { registerAnnotations } from "./workloads/unknown_annotations.ts";
export { includesSlot } from "./workloads/event_sources.ts";
export { groupOf, isOneGroup } from "./workloads/slot_group.ts";
export { isOfKind, targetOf, type Workload, type WorkloadObject } from "./workloads/workload.ts";

// looking at registries when somebody asks
export { type CheckOutcome, readCheckOutcome } from "./workloads/asked_check.ts";
export { reasonForNoCheck } from "./intake/explain_no_check.ts";
export { requestCheck } from "./workloads/write_check.ts";

// the way to the cluster, and settings that mean here what they mean to the operator
export { whoAmI } from "./kube/access.ts";
export { createKubeClient, type KubeClient, type KubeConnection, type PatchOperation } from "./kube/client.ts";
export { dryRunOf } from "./kube/dry_run.ts";
export { loadKubeConfig } from "./kube/config.ts";
export { isNotFound, KubeError } from "./kube/kube_error.ts";
export { namesIn } from "./kube/kubeconfig.ts";
export { homeFolder } from "./kube/kubeconfig_login.ts";
export { resourcePath } from "./kube/paths.ts";
export { coreSettings } from "./app/setting_schema.ts";
export { readPart } from "./app/settings.ts";
export { readAuthorities } from "./runtime/certificates.ts";
export { type Environment, environment, fileExists, VERSION } from "./runtime/process.ts";

// small things
export { brief } from "./lib/brief.ts";
export { delay } from "./lib/delay.ts";
export { closestName } from "./lib/closest_name.ts";
