import { defineTrigger } from "../../core/plugin.ts";
import { acr, distribution } from "./registry/distribution.ts";
import type { Format } from "./registry/format.ts";
import { ghcr } from "./registry/ghcr.ts";
import { harbor } from "./registry/harbor.ts";
import { plain } from "./registry/plain.ts";
import { pubsub } from "./registry/pubsub.ts";
import { quay } from "./registry/quay.ts";
import { toReading } from "./registry/reading.ts";

/** The first that recognises a body reads it. */
const formats: readonly Format[] = [plain, distribution, harbor, ghcr, quay, pubsub, acr];

export default defineTrigger({
  kind: "trigger",
  name: "registry",
  description:
    "Understands the webhooks of distribution, GitLab, Harbor, GHCR, Quay, Azure and Google, and plain ones.",
  webhook: {
    path: "/webhook/registry",
    read(call) {
      const { body, headers, refuse } = call;
      if (!isObject(body)) return refuse("body", "a JSON object is wanted");
      const format = formats.find(({ recognises }) => recognises(body, headers));
      if (format) return toReading(format.read(body, call), call.references);
      if ("push_data" in body) return refuse("push_data", "Docker Hub's webhooks go to /webhook/dockerhub");
      return refuse(
        "body",
        "it is of no known format: one of image, events, event_data, package, registry_package, docker_url, message " +
          "and target is wanted",
      );
    },
  },
});

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === "object" && body !== null && !Array.isArray(body);
}
