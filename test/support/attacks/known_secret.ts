import { deployment } from "../../e2e/manifests.ts";
import { pause } from "../../e2e/suite.ts";
import { pushImage } from "../../../scripts/testbed/push.ts";
import type { Attack, Tenant } from "./attack.ts";

/** A workload of another project than the one that the sender builds. */
export const other = "other";

/** Its image as it is now. */
export const otherImage = async (tenant: Tenant) => (await tenant.images("Deployment", other)).app;

/** Who knows the secret, as each project's CI does, makes up versions of another project, and a digest of a tag that is there. */
export default {
  name: "known_secret",
  async begin({ operator, registry, tenant, secret }, signal) {
    const path = `${tenant.namespace}/${other}`;
    const image = `${registry.host}/${path}`;
    const old = await pushImage(registry.host, path, "1.0.0");
    await pushImage(registry.host, path, "1.1.0", { content: "another" });
    const annotations = { "require-approval": "false", "min-update-interval": "0" };
    await tenant.create(deployment({ name: other, image: `${image}:1.0.0@${old}`, annotations }));
    const tell = async (tag: string, digest: string) => {
      const target = { repository: path, tag, digest, mediaType: "application/vnd.oci.image.manifest.v1+json" };
      const body = JSON.stringify({ events: [{ action: "push", target, request: { host: registry.host } }] });
      const headers = { authorization: `Bearer ${secret}` };
      const init = { method: "POST", body, headers, signal };
      await fetch(`${operator.webhook}/webhook/registry`, init).then((answer) => answer.text(), () => {});
    };
    const flood = async () => {
      for (let minor = 100; !signal.aborted; minor++) {
        await tell("1.1.0", old);
        await tell(`1.${minor}.0`, `sha256:${String(minor).padStart(64, "0")}`);
        await pause(50);
      }
    };
    void flood();
  },
} satisfies Attack;
