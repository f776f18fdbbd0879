import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import type { FoundObject, ObjectReference } from "../../../core/plugin.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";
import { annotationsOf } from "./workload.ts";
import type { Workload, WorkloadObject } from "../../../core/workloads/workload.ts";

export interface ReleaseChanges {
  namespace?: string;
  name?: string;
  /** Without their prefix. Default: policy `minor`, no approval. */
  annotations?: Record<string, string>;
  chart?: string;
  /** Null: there is none. Default `6.3.0`. */
  version?: string | null;
  /** Of its HelmRepository, which is `charts` in its own namespace. Null: there is none. Default `oci://reg.example/charts`. */
  url?: string | null;
  secret?: string;
  /** Instead: an OCIRepository `charts` with this in its `spec`. */
  oci?: { url?: string; ref: { tag?: string; semver?: string; digest?: string } };
  /** Annotations of the OCIRepository, in full. */
  ociAnnotations?: Record<string, string>;
  values?: Record<string, unknown>;
  status?: Record<string, unknown>;
  discovers?: boolean;
}

/** The objects that make up a HelmRelease: itself, and its source. */
export function releaseObjects(changes: ReleaseChanges = {}): { release: WorkloadObject; source: object | undefined } {
  const { namespace = "default", name = "web", annotations, chart = "podinfo", oci } = changes;
  const { version = "6.3.0", url = "oci://reg.example/charts", values, status, secret } = changes;
  const sourceRef = { kind: "HelmRepository", name: "charts" };
  const release = {
    metadata: {
      namespace,
      name,
      uid: `uid-${name}`,
      resourceVersion: "7",
      generation: 1,
      annotations: annotationsOf(annotations),
    },
    spec: {
      ...(oci
        ? { chartRef: { kind: "OCIRepository", name: "charts" } }
        : { chart: { spec: { chart, sourceRef, ...(version === null ? {} : { version }) } } }),
      ...(values ? { values } : {}),
    },
    ...(status ? { status } : {}),
  };
  const secretRef = secret ? { secretRef: { name: secret } } : {};
  const metadata = { namespace, name: "charts", uid: "uid-charts", resourceVersion: "3", generation: 1 };
  if (oci) {
    const spec = { url: `${url}/${chart}`, ...secretRef, ...oci };
    const annotated = changes.ociAnnotations ? { annotations: changes.ociAnnotations } : {};
    return { release, source: { metadata: { ...metadata, ...annotated }, spec } };
  }
  return { release, source: url === null ? undefined : { metadata, spec: { url, ...secretRef } } };
}

/** A HelmRelease as the operator keeps it. */
export function releaseOf(changes: ReleaseChanges = {}): Workload {
  const { release, source } = releaseObjects(changes);
  const { discovers } = changes;
  return projectWorkload(helmrelease, release, {
    pollingInterval: 300,
    ...(discovers === undefined ? {} : { discovers }),
  }, {
    find: (): FoundObject => source ? { object: source } : { missing: true },
    kindOf: (reference: ObjectReference) =>
      helmrelease.related!.find(({ resource }) => resource.kind === reference.kind)?.resource,
  });
}
