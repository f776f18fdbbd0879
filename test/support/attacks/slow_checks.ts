import { pushImage } from "../../../scripts/testbed/push.ts";
import { untilAcknowledged } from "../../e2e/calls.ts";
import { deployment, type KubeObject } from "../../e2e/manifests.ts";
import { known } from "../../e2e/fixture.ts";
import { eventually } from "../../e2e/suite.ts";
import type { Attack } from "./attack.ts";
import { serve } from "./served.ts";

/** More than twice as many as there are workers. */
const workloads = 40;
const answersAfterMs = 9_500;

/** Workloads that are verified for a day by a check that takes nearly as long as it may. */
const attack: Attack = {
  name: "slow_checks",
  env: { HEADWIND_CHECK_HTTP_HOSTS: "127.0.0.1" },
  async begin({ tenant, operator, registry, secret }, signal) {
    let asked = 0;
    const { url } = await serve(signal, (_, answer) => {
      asked++;
      setTimeout(() => answer.end(), answersAfterMs);
    });
    const path = `${tenant.namespace}/slow`;
    const image = `${registry.host}/${path}`;
    for (const tag of ["1.0.0", "1.1.0"]) await pushImage(registry.host, path, tag);
    const annotations = {
      "require-approval": "false",
      "soak": "1d",
      "check-http": `${url}/`,
      "check-http-timeout": "10",
    };
    await Promise.all(
      Array.from(
        { length: workloads },
        (_, n) => tenant.create(deployment({ name: `slow-${n}`, image: `${image}:1.0.0`, replicas: 1, annotations })),
      ),
    );
    await known(operator, `${image}:1.0.0`, workloads, secret);
    await untilAcknowledged(operator.webhook, { image, tag: "1.1.0" }, { token: secret });
    // what the cluster itself has to do for so many is done by then
    await eventually("they all run it", async () => (await tenant.workloads()).every(hasRolledOut), { seconds: 60 });
    await eventually("their checks are read", () => Promise.resolve(asked > 0), { seconds: 60 });
  },
};
export default attack;

function hasRolledOut({ metadata, status }: KubeObject): boolean {
  return status?.observedGeneration === metadata.generation && status?.updatedReplicas === 1 &&
    status?.availableReplicas === 1 && status?.replicas === 1;
}
