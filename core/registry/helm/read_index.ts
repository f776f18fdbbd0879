import { emptyIndex, IndexError, isHtml, Unsure } from "./index/index_error.ts";
import { parseIndex } from "./index/parse.ts";
import { inMb, readBytes } from "./index/read_bytes.ts";
import { concatBytes } from "../../lib/bytes.ts";
import { type IndexScanner, mostParsed } from "./index/scanner.ts";
import { createSteps } from "./index/steps.ts";
import type { ChartVersions } from "./index/chart_versions.ts";
import { blockScanner } from "./index/block_scanner.ts";
import { jsonScanner } from "./index/json_scanner.ts";
export { IndexError, type IndexErrorKind } from "./index/index_error.ts";

export interface ReadIndexOptions {
  /** The most bytes, after decompression; 200 MB are a good limit. */
  limit: number;
  /** The most bytes for which the full parser is used; 0.3 MB where it is not given, which cost up to 30 MB of memory. */
  fullParseLimit?: number;
  /** Is told why the full parser is used, in words. */
  onFallback?(reason: string): void;
  /** Is told how many bytes are in hand whenever that changes, and waited for. */
  held?(bytes: number): Promise<void>;
}

/** What a full parser makes of a byte. */
const parsedBytes = 50;

/**
 * Reads the index of a Helm repository (`index.yaml`, in YAML or JSON, also as gzip), and keeps the wanted charts' versions,
 * their texts as they are written: `1.10` stays `1.10`. A wanted chart that is not there is not in the result; the order is
 * the index's. Format: https://helm.sh/docs/topics/chart_repository/#the-index-file.
 *
 * One pass with little memory; where that is not sure of what it reads (anchors between charts, flow style that is no
 * JSON, …), all is read again by a full parser. Only the first document counts.
 *
 * Throws an `IndexError` on what is no whole, valid index, never gives half a list, and passes errors of the stream on. A
 * YAML text that was cut between two lines, or in a plain scalar, is whole to all appearances: the caller compares its
 * length with the header Content-Length. The stream is cancelled as soon as no more of it is needed.
 */
export async function readIndex(
  stream: ReadableStream<Uint8Array>,
  wanted: ReadonlySet<string>,
  { limit, fullParseLimit = mostParsed, onFallback, held }: ReadIndexOptions,
): Promise<ChartVersions> {
  let seen: Uint8Array[] | undefined = [];
  let bytes = 0;
  let scanner: IndexScanner | undefined = indexScanner(wanted);
  let unsure: Unsure | undefined;

  const scan = <T>(step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof Unsure)) throw error;
      unsure = error;
      scanner = undefined;
      onFallback?.(error.message);
    }
  };
  let inHand = 0;
  const tell = async () => {
    const now = (scanner?.held() ?? 0) + (seen ? Math.min(bytes, fullParseLimit) : 0);
    if (now === inHand) return;
    inHand = now;
    await held?.(now);
  };
  const steps = createSteps();
  const checkFallback = () => {
    if (!unsure || seen) return;
    throw new IndexError(
      "too-large",
      `The index has what only the full parser can read (${unsure.message}), ` +
        `which is used up to ${inMb(fullParseLimit)}.`,
    );
  };

  try {
    for await (const chunk of readBytes(stream, limit)) {
      bytes += chunk.length;
      if (bytes > fullParseLimit) seen = undefined;
      seen?.push(chunk);
      const enough = scan(() => steps.run(() => scanner?.push(chunk)));
      checkFallback();
      if (enough) break;
      await tell();
      await steps.rest();
    }
    const found = scan(() => steps.run(() => scanner?.end()));
    checkFallback();
    if (found) return found;
    await held?.(bytes * parsedBytes);
    try {
      return steps.run(() => parseIndex(new TextDecoder().decode(concatBytes(seen!)), wanted));
    } finally {
      await steps.rest();
    }
  } finally {
    steps.end();
  }
}

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
