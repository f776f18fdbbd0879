import { deployment } from "../../e2e/manifests.ts";
import type { Attack } from "./attack.ts";
import { serve } from "./served.ts";

/** A registry whose lists of tags have one tag a page, and a page after some seconds, without an end. */
const attack: Attack = {
  name: "trickling_tags",
  async begin({ tenant }, signal) {
    const { host } = await serve(signal, (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://registry");
      if (!pathname.endsWith("/tags/list")) return response.writeHead(pathname === "/v2/" ? 200 : 404).end();
      const at = Number(searchParams.get("at") ?? 0);
      setTimeout(() => {
        response.setHeader("link", `<${pathname}?at=${at + 1}>; rel="next"`);
        response.end(JSON.stringify({ name: "x", tags: [`1.${at}.0`] }));
      }, 5_000);
    });
    for (let number = 0; number < 8; number++) {
      const annotations = { "event-source": "polling", "polling-interval": "1" };
      await tenant.create(deployment({ name: `slow-${number}`, image: `${host}/slow/${number}:1.0.0`, annotations }));
    }
  },
};
export default attack;
