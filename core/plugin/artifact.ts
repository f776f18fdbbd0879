/** What is published under a name: an image repository, or a chart in an OCI or Helm repository. */
export interface Artifact {
  type: "image" | "chart";
  /**
   * Canonical name with its registry, such as `docker.io/library/nginx`; of a chart in a Helm repository the URL and the
   * chart's name, such as `https://charts.example.com/stable/podinfo`.
   */
  repository: string;
}

/** A version that was seen: a tag, and its digest where the source tells it; or the version of a chart. */
export interface SeenVersion {
  tag: string;
  digest?: string;
  /** Its publisher says that it is not to be used any more. */
  deprecated?: true;
}

/** "Artifact A has version V": said by a trigger. A hint, never an order. */
export interface Sighting {
  artifact: Artifact;
  versions: readonly SeenVersion[];
  /** How it came, matched against `headwind.sh/event-source`. */
  via: "webhook" | "polling";
  /** Whether `versions` is the whole list of tags, so that the highest of them is the highest there is. */
  complete: boolean;
  /** Only for workloads with one of these polling intervals, in seconds. Absent: for all. */
  intervals?: readonly number[];
}

/** What core did with a sighting, once it is stored. */
export interface SightingResult {
  /** Names of UpdateRequests that now exist for it, `namespace/name`. */
  updateRequests: string[];
  /** Containers that use the artifact. */
  matched: number;
  /** How many of the UpdateRequests are new. */
  created: number;
}
