import { repeated } from "./repeated.ts";
import type { Attack } from "./attack.ts";

/** All that can be read over the API, without a proof, with a wrong one and as the tenant. */
export default {
  name: "get_flood",
  begin({ operator, tenant }, signal) {
    const paths = ["updates", `updates?namespace=${tenant.namespace}`, `rollback/${tenant.namespace}/web/history`];
    const proofs: Record<string, string>[] = [{}, { authorization: "Bearer nonsense" }, {
      authorization: `Bearer ${tenant.token}`,
    }];
    for (const path of paths) {
      for (const headers of proofs) void repeated(`${operator.api}/api/v1/${path}`, { headers }, signal);
    }
    return Promise.resolve();
  },
} satisfies Attack;
