import { conformance } from "../../../conformance/mod.ts";
import registry from "../../../../plugins/triggers/registry.ts";

// https://docs.github.com/webhooks/webhook-events-and-payloads#registry_package and #package

const digest = "sha256:89160c587d0c36bf54090497a465445c14980ba48efbcf3b0d03c49b76f3feb8";
type Fields = Record<string, unknown>;

const manifest = {
  digest,
  media_type: "application/vnd.docker.distribution.manifest.list.v2+json",
  uri: `repositories/ann/shop/web/manifests/${digest}`,
  size: 685,
  config: { digest: "", media_type: "", size: 0 },
  layers: [],
};

function version(tag: Fields | null, rest: Fields = {}) {
  return {
    id: 564296960,
    version: digest,
    name: digest,
    description: "",
    summary: "",
    manifest: "",
    html_url: "https://github.com/users/ann/packages/container/shop%2Fweb/564296960",
    target_commitish: "main",
    target_oid: "0e2a89b191332bb87b4f2fefef2f597eba2197b3",
    metadata: [],
    container_metadata: { tag, labels: { description: "", all_labels: {} }, manifest },
    package_files: [],
    installation_command: "docker pull ghcr.io/ann/shop/web:1.4.0",
    package_url: "ghcr.io/ann/shop/web:1.4.0",
    ...rest,
  };
}

const repository = { id: 1060841726, name: "shop", full_name: "Ann/shop", private: false };

function call(
  event: "registry_package" | "package",
  package_version: unknown,
  rest: Fields = {},
  action = "published",
) {
  const value = {
    id: 9056324,
    name: "shop/web",
    namespace: "ann",
    description: "",
    ecosystem: "CONTAINER",
    package_type: "CONTAINER",
    html_url: "https://github.com/ann/packages/9056324",
    owner: { login: "Ann", id: 7076013, type: "User" },
    package_version,
    registry: { name: "GitHub CONTAINER registry", type: "CONTAINER", vendor: "GitHub Inc" },
    ...rest,
  };
  return { body: { action, [event]: value, repository }, headers: { "x-github-event": event } };
}

const tag = { name: "1.4.0", digest };
const says = `ghcr.io/ann/shop/web:1.4.0@${digest}`;
const chart = { ...manifest, config: { media_type: "application/vnd.cncf.helm.config.v1+json", size: 117 } };
const at = "registry_package.package_version";
/** As GitHub sends it where a manifest was pushed by its digest. */
const untagged = version({ name: "", digest: "sha256:6c62fb45fe66bfb1ea9a66abc38f6a0cc974292b" }, {
  package_url: "ghcr.io/Ann/shop/web:",
});

// deno-fmt-ignore
conformance(registry, {
  good: {
    "registry_package": { ...call("registry_package", version(tag)), says: [says] },
    "package": { ...call("package", version(tag)), says: [says] },
    "an update": { ...call("package", version(tag), {}, "updated"), says: [says] },
    "a body without its header": { body: call("package", version(tag)).body, says: [says] },
    "a package type in lower case": { ...call("package", version(tag), { package_type: "container" }), says: [says] },
    "an owner in upper case": { ...call("package", version(tag, { package_url: "ghcr.io/Ann/shop/web:1.4.0" })),
      says: [says] },
    "a URL that ends in a colon": { ...call("package", version(tag, { package_url: "ghcr.io/ann/shop/web:" })),
      says: [says] },
    "no URL": { ...call("registry_package", version(tag, { package_url: "" }), { namespace: "Ann" }), says: [says] },
    "GitHub Enterprise": {
      ...call("package", version(tag, { package_url: "containers.ghe.example/ann/shop/web:1.4.0" })),
      says: [`containers.ghe.example/ann/shop/web:1.4.0@${digest}`] },
    "no digest": { ...call("package", version({ name: "1.4.0", digest: "" })), says: ["ghcr.io/ann/shop/web:1.4.0"] },
    "a chart": { ...call("package", version(tag, { container_metadata: { tag, manifest: chart } })),
      says: [`chart ${says}`] },
    "a manifest that is none": { ...call("package", version(tag, { container_metadata: { tag, manifest: "" } })),
      says: [says] },
    "a push without a tag": { ...call("registry_package", untagged), says: [] },
    "a push without a tag, whose digest is told as its name": { ...call("package", version({ name: digest, digest })),
      says: [] },
    "a tag that is null": { ...call("package", version({ name: null, digest })), says: [] },
    "no metadata": { ...call("registry_package", version(null, { container_metadata: null })), says: [] },
    "no version": { ...call("registry_package", null), says: [] },
    "another package": { ...call("package", version(null), { package_type: "npm" }), says: [] },
    "another action": { ...call("package", version(tag), {}, "deleted"), says: [] },
    "a ping": { body: { zen: "Keep it logically awesome.", hook_id: 42, hook: { type: "Repository" }, repository },
      headers: { "x-github-event": "ping" }, says: [] },
    "another event": { body: { ref: "refs/heads/main", repository }, headers: { "x-github-event": "push" }, says: [] },
  },
  bad: {
    "no action": { body: { package: {} }, field: "action" },
    "a package that is none": { body: { action: "published", package: "web" }, field: "package" },
    "no type": { body: { action: "published", package: {} }, field: "package.package_type" },
    "a version that is absent": { ...call("registry_package", undefined), field: at },
    "a tag that is none": { ...call("registry_package", version({ name: "a b", digest })),
      field: `${at}.container_metadata.tag.name` },
    "a digest that is none": { ...call("package", version({ name: "1", digest: "sha256:6c62" })),
      field: "package.package_version.container_metadata.tag.digest" },
    "a URL that is none": { ...call("registry_package", version(tag, { package_url: "https://ghcr.io/ann/web" })),
      field: `${at}.package_url` },
    "neither a URL nor a namespace": {
      ...call("registry_package", version(tag, { package_url: null }), { namespace: null }),
      field: "registry_package.namespace" },
    "a name that is none": { ...call("registry_package", version(tag, { package_url: null }), { name: "a b" }),
      field: "registry_package.name" },
  },
}).run();
