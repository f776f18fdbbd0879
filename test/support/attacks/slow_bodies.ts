import type { Attack } from "./attack.ts";
import { dialled } from "./dialled.ts";

const sent = 900 * 1024;

/** Bodies of a megabyte that stop before their end: with the secret, and without any proof at the API. */
export default {
  name: "slow_bodies",
  begin({ operator, secret, tenant }, signal) {
    const part = " ".repeat(sent);
    const post = (path: string, proof: string) =>
      `POST ${path} HTTP/1.1\r\nHost: headwind\r\nContent-Type: application/json\r\n${proof}Content-Length: 1048576\r\n\r\n${part}`;
    dialled(operator.webhook, 300, () => post("/webhook/registry", `Authorization: Bearer ${secret}\r\n`), signal);
    for (const what of ["rollback", "hold"]) {
      dialled(operator.api, 100, () => post(`/api/v1/${what}/${tenant.namespace}/web/app`, ""), signal);
    }
    return Promise.resolve();
  },
} satisfies Attack;
