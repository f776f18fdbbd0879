import { deployment } from "../../e2e/manifests.ts";
import { pause } from "../../e2e/suite.ts";
import { pushImage } from "../../../scripts/testbed/push.ts";
import type { Attack, Tenant } from "./attack.ts";

/** A workload that takes any version that was just seen. */
export const walked = "walked";

/** Its image as it is now. */
export const walkedImage = async (tenant: Tenant) => (await tenant.images("Deployment", walked)).app;

/**
 * Somebody who knows nothing tells of versions that the registry does not have, and of such that would walk a workload of policy
 * `all` from tag to tag.
 */
export default {
  name: "anonymous_hints",
  env: { HEADWIND_WEBHOOK_HINTS: "true" },
  async begin({ operator, registry, tenant, victim }, signal) {
    const path = `${tenant.namespace}/${walked}`;
    const tags = ["prod-7", "debug", "prod-1", "stage-8"];
    for (const tag of tags) await pushImage(registry.host, path, tag);
    const repository = `${registry.host}/${path}`;
    const annotations = { policy: "all", "require-approval": "false", "min-update-interval": "0" };
    await tenant.create(deployment({ name: walked, image: `${repository}:prod-7`, annotations }));
    const hint = async (image: string, tag: string) => {
      const init = { method: "POST", body: JSON.stringify({ image, tag }), signal };
      await fetch(`${operator.webhook}/webhook/registry`, init).then((answer) => answer.text(), () => {});
    };
    const flood = async (sender: number) => {
      for (let minor = 10_000 * (sender + 1); !signal.aborted; minor++) {
        void hint(victim.repository, `1.${minor}.0`);
        void hint(repository, tags[minor % tags.length]!);
        await pause(100);
      }
    };
    for (let sender = 0; sender < 4; sender++) void flood(sender);
  },
} satisfies Attack;
