import { createHmac } from "node:crypto";

/** Characters that a secret has at least: shorter ones can be guessed. */
export const LEAST_SECRET = 16;

const encoder = new TextEncoder();

/** Whether a text that was given is a secret one. The time taken tells how long the given one is, and nothing else. */
export function isSameSecret(given: string, secret: string): boolean {
  const [x, y] = [encoder.encode(given), encoder.encode(secret)];
  let difference = x.length ^ y.length;
  for (let at = 0; at < x.length; at++) difference |= x[at]! ^ y[at % y.length]!;
  return difference === 0 && y.length > 0;
}

/** HMAC-SHA-256 in hexadecimal digits. */
export const hmac = (secret: string, message: Uint8Array): string =>
  createHmac("sha256", secret).update(message).digest("hex");
