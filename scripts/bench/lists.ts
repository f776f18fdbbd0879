/**
 * What the start costs at least: a process that reads all that the operator lists, page by page as it does, and parses it. Deno's own
 * fetch, HTTP/1.1, kept alive; the next page is asked for while one is parsed. It keeps nothing, prints how many objects there are,
 * and ends.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { PAGE_SIZE } from "../../core/kube/watch.ts";

const [server = "", serviceAccount = ""] = process.argv.slice(2);
const client = Deno.createHttpClient({
  caCerts: [readFileSync(`${serviceAccount}/ca.crt`, "utf8")],
  http2: false,
  poolMaxIdlePerHost: 32,
});
const authorization = `Bearer ${readFileSync(`${serviceAccount}/token`, "utf8").trim()}`;
const collections = [
  "/apis/apps/v1/deployments",
  "/apis/apps/v1/statefulsets",
  "/apis/apps/v1/daemonsets",
  "/apis/batch/v1/cronjobs",
  "/apis/headwind.sh/v1alpha1/updaterequests",
];

interface Page {
  metadata: { continue?: string };
  items: unknown[];
}

async function page(path: string, next: string): Promise<Page> {
  const url = `${server}${path}?limit=${PAGE_SIZE}&continue=${encodeURIComponent(next)}`;
  const answer = await fetch(url, { client, headers: { authorization, accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
}

async function list(path: string): Promise<number> {
  let count = 0;
  for (let asked: Promise<Page> | undefined = page(path, ""); asked;) {
    const { metadata, items }: Page = await asked;
    asked = metadata.continue ? page(path, metadata.continue) : undefined;
    count += items.length;
  }
  return count;
}

const counts = await Promise.all(collections.map(list));
console.log(counts.reduce((sum, count) => sum + count, 0));
