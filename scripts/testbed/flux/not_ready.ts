/** Why a release cannot be made yet, in the words of its condition `Ready`. */
export class NotReady extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
