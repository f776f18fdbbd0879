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
  /** RFC 3339: when that happened, as its source says. A webhook that is late by more than a week is passed over. */
  at?: string;
}

/**
 * Those workloads of an artifact that read it from the same address with the same login, and nobody else. Opaque: core makes
 * it for one poll, by `registry.sources`; it is handed on as it is.
 */
export interface ArtifactSource {
  /** Equal from poll to poll, as long as address and login are; no secret can be found from it. */
  readonly id: string;
}

/** "Artifact A has version V": said by a trigger. A hint, never an order. */
export interface Sighting {
  artifact: Artifact;
  versions: readonly SeenVersion[];
  /** How it came, matched against `headwind.sh/event-source`; `check` where somebody asked for it. */
  via: "webhook" | "polling" | "check";
  /** Whether `versions` is the whole list of tags, so that the highest of them is the highest there is. */
  complete: boolean;
  /** Only for workloads with one of these polling intervals, in seconds. Absent: for all. */
  intervals?: readonly number[];
  /**
   * Where the versions were read: only its workloads are told of them. Absent: nobody knows whose login may read them, so each
   * workload looks them up with its own before it takes one, and the list counts as incomplete.
   */
  source?: ArtifactSource;
}

/** What core did with a sighting, once it is stored. */
export interface SightingResult {
  /** Names of UpdateRequests that now exist for it, `namespace/name`. */
  updateRequests: string[];
  /** Containers that use the artifact. */
  matched: number;
  /** How many of the UpdateRequests are new. */
  created: number;
  /** Containers that use the artifact and stay as they are, and why the first ones do, a sentence each; of proven webhooks only. */
  left?: { reasons: string[]; count: number };
}
