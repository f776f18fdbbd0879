import { deployment } from "./manifests.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { Scenario } from "./scenario.ts";
import { eventually } from "./suite.ts";

const automatic = { "require-approval": "false" };
const approved = { approved: true, by: "alice@example.com" };

/** Those in which a version is verified, taken back or held, and told of. */
export const verifiedScenarios: Scenario[] = [
  {
    name: "every step is notified at least once, with the same key",
    env: ({ receiver }) => ({ WEBHOOK_ENABLED: "true", WEBHOOK_URL: receiver.url, WEBHOOK_MAX_RETRIES: "0" }),
    workloads: ({ name, image }) => [deployment({ name: name("web"), image: image("shop", "1.0.0") })],
    /** The receiver is down until the version is left, and hears of its completion all the same. */
    async run({ tell, decide, phase, edit, image, receiver, deliveries }) {
      receiver.isDown = true;
      await tell("shop", "1.1.0");
      await decide("web-app-1-1-0", approved);
      await phase("web-app-1-1-0", "Completed");
      await edit("web", image("shop", "1.0.0"));
      await phase("web-app-1-1-0", "Held");
      receiver.isDown = false;
      const isHeard = async () => deliveries().some(({ key }) => key?.endsWith("/held"));
      await eventually("the receiver hears of it all", isHeard, { last: deliveries });
    },
    end: {
      requests: { "web-app-1-1-0": "Held" },
      images: { "Deployment/web": { app: "shop:1.0.0" } },
    },
    async summary({ deliveries }) {
      const steps = new Set(deliveries().map(({ key }) => key?.split("/").at(-1)));
      const keys = new Set(deliveries().map(({ key }) => key));
      return { notified: [...steps].sort(), keys: keys.size };
    },
  },
  {
    name: "verify",
    workloads: ({ name, image }) => [
      deployment({
        name: name("web"),
        image: image("shop", "1.0.0"),
        annotations: { ...automatic, soak: "1" },
        replicas: 1,
      }),
    ],
    run: ({ tell }) => tell("shop", "1.1.0"),
    end: {
      requests: { "web-app-1-1-0": "Completed" },
      images: { "Deployment/web": { app: "shop:1.1.0" } },
    },
  },
  {
    name: "auto-rollback",
    workloads({ name, image }) {
      const change = { container: "app", timestamp: "2000-01-01T00:00:00Z" };
      const history = [
        // one that was never verified lies between
        { ...change, image: image("shop", "1.2.0"), previousImage: image("shop", "1.1.0") },
        { ...change, image: image("shop", "1.1.0"), previousImage: image("shop", "1.0.0"), verified: true },
      ];
      const annotations = {
        ...automatic,
        "auto-rollback": "true",
        "health-check-retries": "1",
        "update-history": JSON.stringify(history),
      };
      return [deployment({ name: name("web"), image: image("shop", "1.2.0"), annotations, replicas: 1 })];
    },
    async run({ tell, phase }) {
      await tell("shop", `1.3.${FAULTS.unpullable}`);
      await phase(`web-app-1-3-${FAULTS.unpullable}`, "RolledBack");
      await tell("shop", `1.3.${FAULTS.unpullable}`);
    },
    end: {
      requests: { [`web-app-1-3-${FAULTS.unpullable}`]: "RolledBack" },
      images: { "Deployment/web": { app: "shop:1.1.0" } },
    },
  },
  {
    name: "a pod of one version, approved, and rolled back",
    workloads: ({ name, image }) => [
      deployment({
        name: name("web"),
        initContainers: [{ name: "migrate", image: image("shop", "1.0.0") }],
        containers: [{ name: "app", image: image("shop", "1.0.0") }],
        annotations: { "auto-rollback": "true", "health-check-retries": "1" },
        replicas: 1,
      }),
    ],
    async run({ tell, decide }) {
      await tell("shop", `1.3.${FAULTS.unpullable}`);
      await decide(`web-app-migrate-1-3-${FAULTS.unpullable}`, approved);
    },
    end: {
      requests: { [`web-app-migrate-1-3-${FAULTS.unpullable}`]: "RolledBack" },
      images: { "Deployment/web": { app: "shop:1.0.0", migrate: "shop:1.0.0" } },
    },
  },
  {
    name: "manual rollback",
    workloads: ({ name, image }) => [
      deployment({ name: name("web"), image: image("shop", "1.0.0"), annotations: automatic }),
    ],
    async run({ tell, phase, rollBack, image }) {
      await tell("shop", "1.1.0");
      await phase("web-app-1-1-0", "Completed");
      await rollBack("web", image("shop", "1.0.0"));
      await phase("web-app-1-1-0", "RolledBack");
      await tell("shop", "1.1.0");
    },
    end: {
      requests: { "web-app-1-1-0": "RolledBack" },
      images: { "Deployment/web": { app: "shop:1.0.0" } },
    },
  },
  {
    name: "hold",
    workloads: ({ name, image }) => [
      deployment({ name: name("web"), image: image("shop", "1.0.0"), annotations: automatic }),
    ],
    async run({ tell, phase, edit, image }) {
      await tell("shop", "1.1.0");
      await phase("web-app-1-1-0", "Completed");
      await edit("web", image("shop", "1.0.0"));
      await tell("shop", "1.1.0");
      await tell("shop", "1.2.0");
    },
    end: {
      requests: { "web-app-1-1-0": "Held", "web-app-1-2-0": "Completed" },
      images: { "Deployment/web": { app: "shop:1.2.0" } },
    },
  },
];
