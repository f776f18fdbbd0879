/**
 * A process that reads an index file in one way, and prints what that took: `{ms, idleRss, peakRss}`, in milliseconds and
 * bytes. Arguments: the way, and the file.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { chartName, indexSize } from "./index_file.ts";
import { processUsage } from "./usage_of_process.ts";

type Way = (content: ReadableStream<Uint8Array>) => Promise<number>;

/** Each gives the number of what it found, so that nobody is quick by finding nothing. */
const ways: Record<string, () => Promise<Way>> = {
  async operator() {
    const { readIndex } = await import("../../core/registry/helm/read_index.ts");
    const wanted = new Set([0, 75, 150, 225, 299].map(chartName));
    return async (content) => {
      const found = await readIndex(content, wanted, { limit: 200e6 });
      return [...found.values()].reduce((sum, { length }) => sum + length, 0) / wanted.size * indexSize.charts;
    };
  },
  async "js-yaml"() {
    const { load } = await import("js-yaml");
    return async (content) => {
      const { entries } = load(await new Response(content).text()) as { entries: Record<string, unknown[]> };
      return Object.values(entries).reduce((sum, { length }) => sum + length, 0);
    };
  },
  async "line scan"() {
    return async (content) => {
      let lines = 0;
      for await (const chunk of content) {
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
      }
      return lines > indexSize.charts * indexSize.versions ? indexSize.charts * indexSize.versions : lines;
    };
  },
};

const [name = "", file = ""] = process.argv.slice(2);
const way = await ways[name]!();
const { readable } = await Deno.open(file);
// from here on the highest RSS is that of the reading: man 5 proc, clear_refs
writeFileSync("/proc/self/clear_refs", "5");
const { rssBytes: idleRss } = await processUsage(process.pid);
const started = performance.now();
const found = await way(readable);
const ms = performance.now() - started;
if (found !== indexSize.charts * indexSize.versions) throw new Error(`${name} found ${found} versions`);
const { peakRssBytes: peakRss } = await processUsage(process.pid);
console.log(JSON.stringify({ ms, idleRss, peakRss }));
