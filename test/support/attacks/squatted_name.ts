import { ADMIN } from "../people.ts";
import { deployment } from "../../e2e/manifests.ts";
import { known } from "../../e2e/fixture.ts";
import { pushImage } from "../../../scripts/testbed/push.ts";
import { untilAcknowledged } from "../../e2e/calls.ts";
import { updateRequestName } from "../../../core/requests/metadata.ts";
import type { Attack } from "./attack.ts";

export const name = "squatted";
export const tag = "1.1.0";

/** An UpdateRequest written by hand under the name that the next one of a workload will have, for another image. */
export default {
  name: "squatted_name",
  async begin({ cluster, tenant, operator, registry, secret }) {
    const { namespace } = tenant;
    const path = `${namespace}/${name}`;
    const image = `${registry.host}/${path}`;
    for (const version of ["1.0.0", tag]) await pushImage(registry.host, path, version);
    const made = await tenant.create(deployment({ name, image: `${image}:1.0.0` }));
    await known(operator, `${image}:1.0.0`, 1, secret);
    const target = { apiVersion: "apps/v1", kind: "Deployment", namespace, name };
    const wish = { target, uid: made.metadata.uid!, containers: ["app"], newImage: `${image}:${tag}`, tag };
    const request = {
      apiVersion: "headwind.sh/v1alpha1",
      kind: "UpdateRequest",
      metadata: { name: updateRequestName(wish), namespace },
      spec: {
        targetRef: target,
        updateType: "image",
        containerName: "app",
        currentImage: `${image}:1.0.0`,
        newImage: `${registry.host}/evil/app:${tag}`,
        policy: "minor",
        madeBy: ADMIN,
      },
    };
    await cluster.kubectl(["create", "-f", "-"], JSON.stringify(request));
    await untilAcknowledged(operator.webhook, { image, tag }, { token: secret });
  },
} satisfies Attack;
