/** An error that says of itself whether the same call can succeed later though nobody mends anything. */
export interface ClassifiedError extends Error {
  readonly retryable: boolean;
  /** When it is worth it, where the other side has said so. */
  readonly retryAfterSeconds?: number;
}

/**
 * Whether the same call can succeed later though nobody mends anything: what it depends on was away, or wants fewer requests.
 * False for what says nothing of it, which is a fault of the program.
 */
export const isRetryable = (error: unknown): error is ClassifiedError => retryableOf(error) === true;

/** Whether calling again is no use: a person has to mend something first. False for what says nothing of it. */
export const isTerminal = (error: unknown): error is ClassifiedError => retryableOf(error) === false;

const retryableOf = (error: unknown): unknown =>
  error instanceof Error ? (error as Partial<ClassifiedError>).retryable : undefined;

/** Calling again is no use: a person has to mend something first. Named as in controller-runtime. */
export class TerminalError extends Error implements ClassifiedError {
  override readonly name: string = "TerminalError";
  readonly retryable = false;
}

/** What Headwind depends on cannot be asked now. Servers answer 503. */
export class Unavailable extends Error implements ClassifiedError {
  override readonly name = "Unavailable";
  readonly retryable = true;
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds = 5, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** More than is allowed for now: the caller is to send less. Servers answer 429. */
export class TooManyRequests extends Error implements ClassifiedError {
  override readonly name = "TooManyRequests";
  readonly retryable = true;
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
