/** The few pieces of DER (ITU-T X.690) that an X.509 certificate is made of. Each function gives one encoded value. */

function encoded(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const bytes = new Uint8Array(1 + head.length + length);
  bytes.set([tag, ...head]);
  let at = 1 + head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const sequence = (...parts: Uint8Array[]): Uint8Array => encoded(0x30, ...parts);
export const set = (...parts: Uint8Array[]): Uint8Array => encoded(0x31, ...parts);
export const octets = (content: Uint8Array): Uint8Array => encoded(0x04, content);
export const boolean = (value: boolean): Uint8Array => encoded(0x01, Uint8Array.of(value ? 0xff : 0));
export const text = (value: string): Uint8Array => encoded(0x0c, new TextEncoder().encode(value));

/** A context-specific tag: constructed around whole values, or primitive around raw bytes. */
export const tagged = (number: number, ...parts: Uint8Array[]): Uint8Array => encoded(0xa0 + number, ...parts);
export const raw = (number: number, content: Uint8Array): Uint8Array => encoded(0x80 + number, content);

/** A positive integer, big-endian. */
export function integer(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const trimmed = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  return trimmed[0]! >= 0x80 ? encoded(0x02, Uint8Array.of(0), trimmed) : encoded(0x02, trimmed);
}

/** A bit string; `unused` counts the bits at its end that mean nothing. */
export const bits = (content: Uint8Array, unused = 0): Uint8Array => encoded(0x03, Uint8Array.of(unused), content);

export function oid(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split(".").map(Number) as [number, number, ...number[]];
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return encoded(0x06, Uint8Array.from(bytes));
}

/** UTCTime: right for years before 2050. */
export function time(at: Date): Uint8Array {
  const digits = at.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return encoded(0x17, new TextEncoder().encode(`${digits}Z`));
}
