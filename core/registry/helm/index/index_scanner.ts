import { blockScanner } from "./block_scanner.ts";
import { emptyIndex, isHtml } from "./index_error.ts";
import { jsonScanner } from "./json_scanner.ts";
import { concatBytes } from "../../../lib/bytes.ts";
import type { IndexScanner } from "./scanner.ts";

const byteOrderMark = [0xef, 0xbb, 0xbf];

/** A scanner of any index: it waits for the first byte that tells JSON from YAML. */
export function indexScanner(wanted: ReadonlySet<string>): IndexScanner {
  let head: Uint8Array[] = [];
  let bytes = 0;
  let chosen: IndexScanner | undefined;

  /** Takes what has waited. */
  function choose(): boolean {
    const whole = concatBytes(head);
    const text = byteOrderMark.every((byte, at) => whole[at] === byte) ? whole.subarray(byteOrderMark.length) : whole;
    const first = text.find((byte) => !isWhite(byte));
    head = [];
    if (first === 60) throw isHtml();
    chosen = first === 123 || first === 91 ? jsonScanner(wanted) : blockScanner(wanted);
    return chosen.push(text);
  }

  return {
    push(chunk) {
      if (chosen) return chosen.push(chunk);
      head.push(chunk);
      bytes += chunk.length;
      return bytes > byteOrderMark.length && !chunk.every(isWhite) && choose();
    },
    end() {
      if (!chosen && bytes === 0) throw emptyIndex();
      if (!chosen) choose();
      return chosen!.end();
    },
    held: () => chosen ? chosen.held() : bytes,
  };
}

const isWhite = (byte: number) => byte === 32 || byte === 9 || byte === 10 || byte === 13;
