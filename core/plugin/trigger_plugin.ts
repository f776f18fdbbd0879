import type { Artifact, ArtifactSource, SeenVersion, Sighting, SightingResult } from "./artifact.ts";
import type { References } from "./references.ts";
import type { Named, PluginContext, Zod } from "./common.ts";

/** A webhook call that has passed authentication, the size limit and JSON parsing. */
export interface WebhookCall {
  body: unknown;
  headers: Headers;
  url: URL;
  z: Zod;
  references: References;
  /** Ends the call with 400 and a JSON body that names the field, such as `repository.repo_name`. */
  refuse(field: string, message: string): never;
}

/** What a webhook's body says. `ignored` tells in a sentence each what was understood and left out on purpose. */
export interface WebhookReading {
  sightings: Sighting[];
  ignored: string[];
}

/** An artifact that some workload wants to be polled. */
export interface PolledArtifact {
  artifact: Artifact;
  /** Seconds between polls, as its workloads ask for or the global one. */
  interval: number;
  /** Whether some container's policy looks at the list of versions. */
  wantsTags: boolean;
  /** Tags of which some container follows the digest. */
  followedTags: string[];
}

/** What is wanted of one source of an artifact. */
export interface PolledSource {
  source: ArtifactSource;
  /** Whether some container's policy looks at the list of versions. */
  wantsTags: boolean;
  /** Tags of which some container follows the digest. */
  followedTags: string[];
  /** Those of its workloads, so that namespaces can take turns. */
  namespaces: readonly string[];
}

/** A source of an artifact that somebody asks to be looked at now: of those workloads alone that ask. */
export interface AskedCheck extends PolledSource {
  artifact: Artifact;
}

export interface ReadOptions {
  /** Whose address and login to ask with. Without it an image is asked for without a login, and a chart not at all. */
  source?: ArtifactSource;
  /** Ends the question; it rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * The registry as a trigger sees it: the logins of the workloads that use an artifact are found by core. What cannot be read is
 * told on the workloads of that source, and thrown; where no workload uses the source any more, the question is given up.
 */
export interface RegistryReader {
  /**
   * The sources that an artifact has now, of the workloads with one of these polling intervals; all if absent. Equal logins are
   * one source, whatever their namespaces. Each is to be asked apart: what one tenant's shows is not for another.
   */
  sources(artifact: Artifact, intervals?: readonly number[]): Promise<PolledSource[]>;
  /** All versions, without digests, or an error: never half a list. */
  versions(artifact: Artifact, options?: ReadOptions): Promise<SeenVersion[]>;
  /** The digest of a tag; undefined when there is no such tag. */
  digest(artifact: Artifact, tag: string, options?: ReadOptions): Promise<string | undefined>;
}

export interface TriggerContext<S = Record<string, unknown>> extends PluginContext<S> {
  /** Resolves once every UpdateRequest that follows from the sighting is stored. */
  report(sighting: Sighting): Promise<SightingResult>;
  /** The artifacts to poll now, from the index: no API call. */
  polled(): PolledArtifact[];
  registry: RegistryReader;
  /**
   * From now on until the loop is over, `check` is called for what people ask to be looked at now, whatever its intervals are: a
   * repository at most once in ten seconds. It reads the source, reports what it shows with `via: "check"`, and gives back what that
   * gave; it rejects, with a sentence, where something of it could not be read. Its signal ends it.
   */
  onCheck(check: (asked: AskedCheck, signal: AbortSignal) => Promise<SightingResult>): void;
}

export interface TriggerPlugin<S = Record<string, unknown>> extends Named<"trigger"> {
  /** A route on the webhook port, and the reading of its bodies: pure. */
  webhook?: { path: `/${string}`; read(call: WebhookCall): WebhookReading };
  /**
   * A loop, run on the one replica that holds the Lease, until `signal` is aborted. One that has not ended four seconds later is
   * left, and what it reports is refused.
   */
  run?(context: TriggerContext<S>, signal: AbortSignal): Promise<void>;
}
