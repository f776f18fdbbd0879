import { concatBytes } from "../lib/bytes.ts";

/**
 * Splits a stream of bytes into lines. Each call takes the next chunk and gives the lines that it ends, without their line
 * feed and without empty ones. It works on bytes, so a character cut by a chunk's border stays whole.
 */
export function lineSplitter(): (chunk: Uint8Array) => string[] {
  const decoder = new TextDecoder();
  let pending: Uint8Array[] = [];
  const take = (last: Uint8Array): string => {
    if (pending.length === 0) return decoder.decode(last);
    const whole = concatBytes([...pending, last]);
    pending = [];
    return decoder.decode(whole);
  };
  return (chunk) => {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = take(chunk.subarray(start, end));
      if (line !== "") lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.slice(start));
    return lines;
  };
}
