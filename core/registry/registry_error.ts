import type { ClassifiedError } from "../lib/retryable.ts";
import type { RegistryResponse } from "./send.ts";
import { apiHost } from "../versions/docker_hub.ts";

export type RegistryErrorKind =
  /** No answer, or one of 5xx, after all tries. */
  | "unreachable"
  /** No login, a wrong one, or one without the right to read. */
  | "unauthorized"
  | "not-found"
  /** Asked to come back later, `retryAfterSeconds` from now. */
  | "rate-limited"
  /** An answer that its API does not allow, or an address that is none. */
  | "garbage"
  /** It would have taken plain http where that is not allowed. */
  | "insecure";

export interface RegistryErrorDetails {
  status?: number;
  retryAfterSeconds?: number;
  /** For an administrator: it may hold addresses. */
  cause?: unknown;
}

/** Why a registry gave no answer that can be used. The message is a sentence and holds no secret, nor any text of the registry. */
export class RegistryError extends Error implements ClassifiedError {
  override readonly name = "RegistryError";
  readonly kind: RegistryErrorKind;
  /** The registry as image references name it, such as `docker.io`. */
  readonly host: string;
  readonly status?: number;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;

  constructor(kind: RegistryErrorKind, host: string, message: string, details: RegistryErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.retryable = kind === "unreachable" || kind === "rate-limited";
    this.host = host;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterSeconds !== undefined) this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** The error for an answer that gives nothing of `what`, such as `the tags of ghcr.io/team/app`. */
export function refusalError({ status, url }: RegistryResponse, registry: string, what: string): RegistryError {
  if (status === 401 || status === 403) {
    const ledAway = url.host !== new URL(`${url.protocol}//${apiHost(registry)}`).host;
    const message = ledAway
      ? `${registry} leads to ${url.host}, which does not let ${what} be read without a login.`
      : `${registry} does not let ${what} be read with this login.`;
    return new RegistryError("unauthorized", registry, message, { status });
  }
  if (status === 404) return new RegistryError("not-found", registry, `${registry} does not have ${what}.`, { status });
  return new RegistryError("garbage", registry, `${registry} answered ${status} for ${what}.`, { status });
}

/**
 * The error for `what` that could not be asked or read to the end, since `error` came in between. Its message is the same whatever that
 * was, so that nobody finds out by it what there is in the operator's network; its cause says more, to an administrator.
 */
export function unreachableError(registry: string, what: string, error: unknown): RegistryError {
  return new RegistryError("unreachable", registry, `${what}.`, { cause: new Error(reason(error)) });
}

/** What the innermost cause says, without URLs: a query may hold a signature. */
function reason(error: unknown): string {
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error && cause.cause instanceof Error; depth++) cause = cause.cause;
  if (!(cause instanceof Error)) return "the connection failed";
  const text = cause.message || (cause as { code?: string }).code || cause.name;
  return text.replaceAll(/\S*:\/\/\S*/g, "…").replaceAll(/\s+/g, " ").slice(0, 200).replace(/\.$/, "");
}
