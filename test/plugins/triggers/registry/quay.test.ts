import { conformance } from "../../../conformance/mod.ts";
import registry from "../../../../plugins/triggers/registry.ts";

// https://docs.redhat.com/documentation/red_hat_quay/3/html/use_red_hat_quay/repository-notifications

const about = {
  name: "web",
  repository: "ann/web",
  namespace: "ann",
  docker_url: "quay.io/ann/web",
  homepage: "https://quay.io/repository/ann/web",
};

// deno-fmt-ignore
conformance(registry, {
  good: {
    "a push": { body: { ...about, updated_tags: ["1.4.0"] }, says: ["quay.io/ann/web:1.4.0"] },
    "a push of several tags": { body: { ...about, updated_tags: ["latest", "1.4.0", `sha256-${"a".repeat(64)}.sig`] },
      says: ["quay.io/ann/web:latest", "quay.io/ann/web:1.4.0"] },
    "a Quay of one's own": { body: { ...about, docker_url: "quay.example:8443/ann/web", updated_tags: ["1.4.0"] },
      says: ["quay.example:8443/ann/web:1.4.0"] },
    "a push of no tag": { body: { ...about, updated_tags: [] }, says: [] },
    "a push by digest": { body: { ...about, updated_tags: [`sha256:${"a".repeat(64)}`] }, says: [] },
    "a build": {
      body: {
        ...about,
        build_id: "296ec063-5f86-4706-a469-f0a400bf9df2",
        docker_tags: ["main"],
        trigger_kind: "github",
      },
      says: [],
    },
    "a vulnerability": { body: { ...about, tags: ["1.4.0"], vulnerability: { id: "CVE-1", priority: "High" } },
      says: [] },
  },
  bad: {
    "a URL that is none": { body: { ...about, docker_url: 5, updated_tags: [] }, field: "docker_url" },
    "a URL without a host": { body: { ...about, docker_url: "ann/web", updated_tags: ["1"] }, field: "docker_url" },
    "tags that are no list": { body: { ...about, updated_tags: { latest: "b750" } }, field: "updated_tags" },
    "a tag that is none": { body: { ...about, updated_tags: ["1", "a b"] }, field: "updated_tags.1" },
  },
}).run();
