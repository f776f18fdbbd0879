import { deployment } from "../../e2e/manifests.ts";
import type { Attack, AttackWorld } from "./attack.ts";
import { serve } from "./served.ts";

export interface SlowPages {
  /** Of the tenant. */
  deployment: string;
  /** Pages that were asked for. */
  pages(): number;
  /** Requests that wait for their answer. */
  open(): number;
}

const pageEveryMs = 20_000;

/** A registry whose list of tags has one tag a page, each after 20 s, and no end; one Deployment has it polled. */
async function beginSlowPages({ tenant }: AttackWorld, signal: AbortSignal): Promise<SlowPages> {
  let pages = 0;
  let open = 0;
  const { host } = await serve(signal, (request, answer) => {
    if (!request.url?.includes("/tags/list")) return void answer.end("{}");
    const page = ++pages;
    open++;
    const timer = setTimeout(() => {
      answer.setHeader("link", `</v2/team/web/tags/list?n=1&last=${page}>; rel="next"`);
      answer.end(JSON.stringify({ name: "team/web", tags: [`1.0.${page}`] }));
    }, pageEveryMs);
    answer.on("close", () => {
      clearTimeout(timer);
      open--;
    });
  });
  const name = "slow-pages";
  const annotations = { "event-source": "polling", "polling-interval": "1" };
  await tenant.create(deployment({ name, image: `${host}/team/web:1.0.0`, annotations }));
  return { deployment: name, pages: () => pages, open: () => open };
}

/** Once all polling of all registries stopped, also after the Deployment was deleted. */
export default { name: "slow_pages", begin: beginSlowPages } satisfies Attack;
