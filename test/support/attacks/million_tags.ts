import { deployment } from "../../e2e/manifests.ts";
import type { Attack } from "./attack.ts";
import { serve } from "./served.ts";

const perPage = 10_000;

/** A registry with lists of a million tags, with some that are just not too long, and one that is large in memory alone. */
const attack: Attack = {
  name: "million_tags",
  async begin({ tenant }, signal) {
    const { host } = await serve(signal, (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://registry");
      const [, , , name = ""] = pathname.split("/");
      if (!pathname.endsWith("/tags/list")) return response.writeHead(pathname === "/v2/" ? 200 : 404).end();
      response.setHeader("content-type", "application/json");
      if (name === "nested") return response.end(`{"name":"x","tags":[${"[],".repeat(2_500_000)}[]]}`);
      const last = name.startsWith("million") ? 1_000_000 : 99_000;
      const from = Number(searchParams.get("from") ?? 0);
      const to = Math.min(last, from + perPage);
      const tags = Array.from({ length: to - from }, (_, at) => `1.${from + at}.0-a-rather-long-name-of-a-tag`);
      if (to < last) response.setHeader("link", `<${pathname}?from=${to}>; rel="next"`);
      response.end(JSON.stringify({ name: "x", tags }));
    });
    const names = ["nested", ...[0, 1, 2, 3].map((at) => `million-${at}`), ...[0, 1, 2, 3].map((at) => `full-${at}`)];
    for (const name of names) {
      const annotations = { "event-source": "polling", "polling-interval": "1" };
      await tenant.create(deployment({ name, image: `${host}/tags/${name}:1.0.0`, annotations }));
    }
  },
};
export default attack;
