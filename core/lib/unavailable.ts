/** Something that Headwind depends on cannot be asked now: the caller is to come again. Servers answer 503. */
export class Unavailable extends Error {
  override name = "Unavailable";
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds = 5, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
