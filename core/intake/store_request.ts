import { containersOf, namesText } from "../requests/containers.ts";
import { canRecreate } from "../requests/recreate.ts";
import { isAlreadyExists, isConflict, KubeError } from "../kube/kube_error.ts";
import { isOtherUpdate, type RequestOf } from "./new_request.ts";
import { type KnownRequests, requestKey } from "../requests/cache.ts";
import type { Log } from "../plugin.ts";
import type { NewUpdateRequest, UpdateStore } from "../requests/store.ts";
import type { ProposedUpdate } from "./proposed_updates.ts";
import { RegistryError } from "../registry/registry_error.ts";
import { runs } from "../versions/compare.ts";
import type { SlotRef } from "../workloads/workload_index.ts";
import { isTerminal, TerminalError, TooManyRequests, Unavailable } from "../lib/retryable.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";

export interface StoreRequestOptions {
  cache: Pick<KnownRequests, "get">;
  store: Pick<UpdateStore, "create" | "get" | "remove">;
  /** Whether what `cache` says of a namespace is heard to be so; else the API server is asked for what it would have known. */
  isHeard(namespace: string): boolean;
  /** The workload as the API server has it now. */
  readWorkload(workload: Workload): Promise<Workload | undefined>;
  log: Pick<Log, "info" | "warn">;
}

/** What came of storing the request of an update. */
export interface Stored {
  /** Of the request that now exists; absent where the workload is going. */
  key?: string;
  isNew: boolean;
  /** The containers that a new one is for, as the API server kept them. */
  containers?: readonly string[];
}

/** Names tried for one request. */
const MAX_NAMES = 8;
const MAX_ATTEMPTS = 5;

/** The request of its name that the watch told of, unless that is for something else. */
export function knownRequest(
  request: NewUpdateRequest,
  cache: StoreRequestOptions["cache"],
): UpdateRequest | undefined {
  const known = cache.get(requestKey(request));
  return known && !isOtherUpdate(known, request) ? known : undefined;
}

/**
 * Stores the request of an update, unless there is one that stays.
 *
 * @throws {Contested} where all names are taken
 */
export async function storeRequest(
  update: ProposedUpdate,
  requestOf: RequestOf,
  { cache, store, isHeard, readWorkload, log }: StoreRequestOptions,
): Promise<Stored> {
  const taken: string[] = [];
  while (taken.length < MAX_NAMES) {
    const request = requestOf(update, taken);
    const key = requestKey(request);
    const known = isHeard(request.metadata.namespace) ? knownRequest(request, cache) : undefined;
    if (known && !canRecreate(known, update.slotRef)) return { key, isNew: false };
    try {
      const made = await createUnlessKept(request, update.slotRef, { store, readWorkload });
      if (!made) return { key, isNew: false };
      if ("other" in made) {
        log.warn("the name of an UpdateRequest was taken by one that was made by hand and is for something else", {
          updateRequest: key,
          itsImage: made.other.spec.newImage,
          wanted: request.spec.newImage,
        });
        taken.push(made.other.metadata.uid);
        continue;
      }
      const { created } = made;
      const containers = containersOf(created);
      log.info("update wanted", {
        updateRequest: requestKey(created),
        container: namesText(containers),
        from: created.spec.currentImage,
        to: created.spec.newImage,
        policy: created.spec.policy,
        via: created.spec.sighting?.via,
      });
      return { key, isNew: true, containers };
    } catch (error) {
      if (isGone(error)) return { isNew: false };
      throw asUnavailable(key, error);
    }
  }
  throw new Contested("each name that its UpdateRequest would have is taken by one that was made by hand");
}

/**
 * Creates the request; one of its name that has to be created anew is removed before. Undefined where there is one that
 * stays; `other` is one that is for something else. Another replica may do the same at the same time: what changed in
 * between is looked at again.
 */
async function createUnlessKept(
  request: NewUpdateRequest,
  slotRef: SlotRef,
  { store, readWorkload }: Pick<StoreRequestOptions, "store" | "readWorkload">,
): Promise<{ created: UpdateRequest } | { other: UpdateRequest } | undefined> {
  const { namespace, name } = request.metadata;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    try {
      return { created: await store.create(request) };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const existing = await store.get(namespace, name);
    if (!existing) continue;
    if (isOtherUpdate(existing, request)) return { other: existing };
    const workload = await readWorkload(slotRef.workload);
    const slot = workload?.slots.find(({ name }) => name === slotRef.slot.name);
    if (!workload || !slot || runs(slot.current, request.spec.newImage)) return undefined;
    if (!canRecreate(existing, { workload, slot })) return undefined;
    try {
      await store.remove(existing);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new Contested(`the UpdateRequest ${namespace}/${name} is being changed by others`);
}

/** The namespace is on its way out, and the workload with it. */
function isGone(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  return (error.status === 403 && /being terminated/.test(error.message)) ||
    (error.status === 404 && /namespaces "[^"]*" not found/.test(error.message));
}

/** An update that a sighting led to and that coming again would not get stored. */
export interface NotStored {
  slotRef: SlotRef;
  image: string;
  /** `refused`: by the API server, in this namespace, or since it has too many. `registry`: a digest is needed, and the workload's login may not read it. */
  reason: "refused" | "registry" | "contested";
  /** A sentence without a full stop. */
  message: string;
}

/** A request that others change as fast as it is read. */
class Contested extends TerminalError {
  override readonly name = "Contested";
}

/**
 * Why an update is lost for good, as far as the caller is concerned; undefined where coming again may mend it. What a person has to
 * mend first (a quota, an admission policy, rights, an expired Secret) is lost: else one tenant's would hold up all that a sender has.
 */
export function lossOf(error: unknown): Pick<NotStored, "reason" | "message"> | undefined {
  if (!isTerminal(error) || isPassing(error)) return undefined;
  if (error instanceof RegistryError) return { reason: "registry", message: error.message.replace(/\.$/, "") };
  if (error instanceof KubeError) {
    return { reason: "refused", message: `the API server refuses it: ${error.said || error.message}` };
  }
  return error instanceof Contested ? { reason: "contested", message: error.message } : undefined;
}

/** 401: the token is being replaced. 404: the kind is not there yet. */
const isPassing = (error: unknown): error is KubeError =>
  error instanceof KubeError &&
  (error.retryable || isConflict(error) || error.status === 401 || error.status === 404);

/** The error of a request that could not be stored: `Unavailable` where coming again may mend it. */
function asUnavailable(key: string, error: unknown): unknown {
  if (!isPassing(error)) return error;
  const message = `the UpdateRequest ${key} cannot be stored: ${error.message}`;
  return new Unavailable(message, error.retryAfterSeconds, { cause: error });
}

/**
 * Whether the next workload would meet the same: the API server is away, or wants fewer requests. A 500 may be one namespace's alone,
 * where an admission webhook of its own does not answer.
 */
export function meetsAll(error: unknown): boolean {
  const cause = error instanceof Unavailable ? error.cause : error;
  if (cause instanceof KubeError) return cause.status !== 500;
  return !(cause instanceof RegistryError || cause instanceof TooManyRequests);
}

/** What the caller is told: a fault of ours before that the API server is away, and that before that a registry is. */
export function worstOf(troubles: readonly unknown[]): unknown {
  const isOfKube = (error: unknown) => error instanceof Unavailable || error instanceof KubeError;
  const isOfOne = (error: unknown) => error instanceof RegistryError || error instanceof TooManyRequests;
  return troubles.find((error) => !isOfKube(error) && !isOfOne(error)) ??
    troubles.find(isOfKube) ?? troubles[0];
}
