import { deployment } from "./manifests.ts";
import type { Scenario } from "./scenario.ts";

const automatic = { "require-approval": "false" };
const approved = { approved: true, by: "alice@example.com" };

/** The stories that have to end the same wherever the operator is killed. */
export const scenarios: Scenario[] = [
  {
    name: "two workloads, no approval",
    workloads: ({ name, image }) =>
      ["web", "api"].map((one) =>
        deployment({ name: name(one), image: image("shop", "1.0.0"), annotations: automatic })
      ),
    run: ({ tell }) => tell("shop", "1.1.0"),
    end: {
      requests: { "api-app-1-1-0": "Completed", "web-app-1-1-0": "Completed" },
      images: { "Deployment/api": { app: "shop:1.1.0" }, "Deployment/web": { app: "shop:1.1.0" } },
    },
  },
  {
    name: "one approved, one rejected",
    workloads: ({ name, image }) =>
      ["web", "api"].map((one) => deployment({ name: name(one), image: image("shop", "1.0.0") })),
    async run({ tell, decide }) {
      await tell("shop", "1.1.0");
      await decide("web-app-1-1-0", approved);
      await decide("api-app-1-1-0", { approved: false, by: "bob@example.com", reason: "not today" });
    },
    end: {
      requests: { "api-app-1-1-0": "Rejected", "web-app-1-1-0": "Completed" },
      images: { "Deployment/api": { app: "shop:1.0.0" }, "Deployment/web": { app: "shop:1.1.0" } },
    },
  },
  {
    name: "a newer version supersedes one that waits",
    workloads: ({ name, image }) => [deployment({ name: name("web"), image: image("shop", "1.0.0") })],
    async run({ tell, decide, phase }) {
      await tell("shop", "1.1.0");
      await phase("web-app-1-1-0", "Pending");
      await tell("shop", "1.2.0");
      await phase("web-app-1-1-0", "Superseded");
      await decide("web-app-1-2-0", approved);
    },
    end: {
      requests: { "web-app-1-1-0": "Superseded", "web-app-1-2-0": "Completed" },
      images: { "Deployment/web": { app: "shop:1.2.0" } },
    },
  },
  {
    name: "a hint, looked up at the registry",
    trusted: false,
    workloads: ({ name, image }) => [
      deployment({ name: name("web"), image: image("shop", "1.0.0"), annotations: automatic }),
    ],
    async prepare({ push }) {
      await push("shop", "1.1.0");
    },
    async run({ tell }) {
      await tell("shop", "1.1.0");
      await tell("shop", "1.9.0");
    },
    end: {
      requests: { "web-app-1-1-0": "Completed" },
      images: { "Deployment/web": { app: "shop:1.1.0" } },
    },
  },
  {
    name: "found by polling",
    workloads: ({ name, image }) => [
      deployment({
        name: name("web"),
        image: image("shop", "1.0.0"),
        annotations: { ...automatic, "event-source": "both", "polling-interval": "1" },
      }),
    ],
    async run({ push }) {
      await push("shop", "1.1.0");
    },
    end: {
      requests: { "web-app-1-1-0": "Completed" },
      images: { "Deployment/web": { app: "shop:1.1.0" } },
    },
  },
  {
    name: "an init container and two containers",
    workloads: ({ name, image }) => [
      deployment({
        name: name("web"),
        initContainers: [{ name: "setup", image: image("tools", "2.0.0") }],
        containers: [{ name: "app", image: image("shop", "1.0.0") }, { name: "side", image: image("tools", "2.0.0") }],
        annotations: automatic,
      }),
    ],
    async run({ tell }) {
      await Promise.all([tell("tools", "2.1.0"), tell("shop", "1.1.0")]);
    },
    end: {
      requests: {
        "web-app-1-1-0": "Completed",
        "web-setup-side-2-1-0": "Completed",
      },
      images: { "Deployment/web": { setup: "tools:2.1.0", app: "shop:1.1.0", side: "tools:2.1.0" } },
    },
  },
  {
    name: "finished requests are pruned",
    env: () => ({ HEADWIND_KEEP_FINISHED: "1" }),
    workloads: ({ name, image }) => [
      deployment({ name: name("web"), image: image("shop", "1.0.0"), annotations: automatic }),
    ],
    async run({ tell, phase }) {
      await tell("shop", "1.1.0");
      await phase("web-app-1-1-0", "Completed");
      await tell("shop", "1.2.0");
    },
    end: {
      requests: { "web-app-1-2-0": "Completed" },
      images: { "Deployment/web": { app: "shop:1.2.0" } },
    },
  },
];
