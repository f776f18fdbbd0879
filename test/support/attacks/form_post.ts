import { repeated } from "./repeated.ts";
import type { Attack } from "./attack.ts";

/** What a page of another site makes a browser send: forms that approve, roll back and hold. */
export default {
  name: "form_post",
  begin({ operator, victim }, signal) {
    const { ns, name } = victim;
    const paths = [
      `updates/${ns.namespace}/${name}-app-1-1-0/approve`,
      ...["rollback", "hold"].map((what) => `${what}/${ns.namespace}/${name}/app`),
    ];
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
    };
    for (const path of paths) {
      void repeated(`${operator.api}/api/v1/${path}`, { method: "POST", headers, body: "approver=somebody" }, signal);
    }
    return Promise.resolve();
  },
} satisfies Attack;
