import { startHanging } from "../../../scripts/testbed/hanging.ts";
import { untilAcknowledged } from "../../e2e/calls.ts";
import { deployment } from "../../e2e/manifests.ts";
import { known } from "../../e2e/fixture.ts";
import { eventually } from "../../e2e/suite.ts";
import type { Attack } from "./attack.ts";

/** More than there are workers. */
const workloads = 24;

/** Versions whose registry is to be asked before they are applied, and accepts and says nothing. */
const attack: Attack = {
  name: "silent_registry",
  async begin({ tenant, operator, secret }, signal) {
    const registry = await startHanging("silent");
    signal.addEventListener("abort", () => void registry.stop());
    const images = Array.from({ length: workloads }, (_, n) => `${registry.host}/team/web-${n}`);
    await Promise.all(images.map((image, n) =>
      tenant.create(
        deployment({ name: `web-${n}`, image: `${image}:1.0.0`, annotations: { "require-approval": "false" } }),
      )
    ));
    for (const image of images) await known(operator, `${image}:1.0.0`, 1, secret);
    for (const image of images) await untilAcknowledged(operator.webhook, { image, tag: "1.1.0" }, { token: secret });
    await eventually("the registry is asked", () => Promise.resolve(registry.open() > 0));
  },
};
export default attack;
