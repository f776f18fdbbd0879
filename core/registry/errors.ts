import type { ClassifiedError } from "../lib/retryable.ts";

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
