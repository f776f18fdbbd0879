import type { Artifact } from "./artifact.ts";

/** A place in a workload that holds one version of one artifact: a container's image, a chart's version. */
export interface Slot {
  /** The container's name; of what is no container a name alike, such as `chart`. */
  name: string;
  type: Artifact["type"];
  init: boolean;
  /** The artifact and its version, such as `nginx:1.27` or `podinfo:6.3.0`. */
  current: string;
  /** JSON pointer of the text that says the version: of `current` without `prefix`. */
  pointer: string;
  /** Nothing stands there yet, which means what `current` says. */
  unwritten?: true;
  /** What `current` begins with that does not stand there, such as `podinfo:`; empty where it all stands there. */
  prefix: string;
  /** What stands there is the tag of a chart, which has `_` where its version in `current` has `+`. */
  asTag?: true;
  /** Texts beside it that say what it is a version of, such as the name of the container, or of the chart. */
  guards: readonly { pointer: string; value: string }[];
  /** Where a chart comes from; absent where that is not known. */
  source?: ChartSource;
  /** Of a chart whose version is a range (`6.x`): the version that it stands for now, where that is known. */
  resolved?: string;
}

/** Names an object of the API. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}

/**
 * An object that a workload refers to, as far as it is known: `missing` where there is none, a sentence where it cannot be
 * read, which passes by itself where it only was not listed yet. With a `reason` it is not to be used: it stands in another
 * namespace, which it or the settings do not allow; the reason is that of the note to be told.
 */
export type FoundObject =
  | { object: unknown }
  | { missing: true }
  | { problem: string; passing: boolean; reason?: string };
export type FindObject = (reference: ObjectReference) => FoundObject;

/** What keeps versions from being found for a workload, or how it is followed in another way than is usual. */
export interface SlotNote {
  /** In CamelCase, of the Event on the workload. */
  reason: string;
  /** A sentence without a full stop. */
  message: string;
  type: "Normal" | "Warning";
  /** It passes by itself and need not be told. */
  passing?: true;
}

export interface SlotReading {
  slots: Slot[];
  /** Told by an Event each. */
  notes?: SlotNote[];
  /** The object that the slots stand in, where that is another one; what is written down of them is written there too. */
  carrier?: ObjectReference;
}

/** A kind of API object. */
export interface ResourceKind {
  group: string;
  version: string;
  plural: string;
  kind: string;
}

/** Where a chart's versions are found, as a HelmRepository or an OCIRepository of Flux says. */
export interface ChartSource {
  /** `https://charts.example.com/stable`, which has an `index.yaml`, or `oci://ghcr.io/org/charts`, above its charts. */
  url: string;
  /** Namespace of the object, in which its Secrets are. */
  namespace: string;
  /** Name of the Secret with the login. */
  secret?: string;
  /** Name of the Secret with `ca.crt`, and `tls.crt` and `tls.key` of a client. */
  certSecret?: string;
  /** Whether the login may go to another host that the repository leads to. */
  passCredentials?: boolean;
  /** Whether plain http may be used with `oci://`. */
  insecure?: boolean;
}
