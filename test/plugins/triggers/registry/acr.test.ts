import { conformance } from "../../../conformance/mod.ts";
import registry from "../../../../plugins/triggers/registry.ts";

// https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference

const digest = "sha256:80f0d5c8786bb9e621a45ece0db56d11cdc624ad20da9fe62e9d25490f331d7d";
const target = {
  mediaType: "application/vnd.docker.distribution.manifest.v2+json",
  size: 524,
  digest,
  length: 524,
  repository: "hello-world",
  tag: "v1",
};
const push = {
  id: "cb8c3971-9adc-488b-bdd8-43cbb4974ff5",
  action: "push",
  target,
  request: {
    id: "3cbb6949-7549-4fa1-86cd-a6d5451dffc7",
    host: "myregistry.azurecr.io",
    method: "PUT",
    useragent: "docker/17.09.0-ce go/go1.8.3 os/linux arch/amd64",
  },
};
const chart = {
  id: "6356e9e0-627f-4fed-a3e2-d9059b5143ac",
  action: "chart_push",
  target: {
    mediaType: "application/vnd.acr.helm.chart",
    size: 25265,
    digest: "sha256:7f060075264b5ba7c14c23672698152ae6a3ebac1c47916e4efe19cd624d5fab",
    repository: "repo",
    tag: "wordpress-5.4.0.tgz",
    name: "wordpress",
    version: "5.4.0.tgz",
  },
};
const { tag: _, ...untagged } = target;

conformance(registry, {
  good: {
    "a pushed image": { body: push, says: [`myregistry.azurecr.io/hello-world:v1@${digest}`] },
    "a chart, by its artifact type": {
      body: { ...push, target: { ...target, artifactType: "application/vnd.cncf.helm.config.v1+json" } },
      says: [`chart myregistry.azurecr.io/hello-world:v1@${digest}`],
    },
    "a chart of the old repositories": { body: chart, says: [] },
    "a push by digest": { body: { ...push, target: untagged }, says: [] },
    "a push by digest, which is told as its tag": {
      body: { ...push, target: { ...target, tag: `sha256:${"a".repeat(64)}` } },
      says: [],
    },
    "a push whose tag is null": { body: { ...push, target: { ...target, tag: null } }, says: [] },
    "a deletion": { body: { ...push, action: "delete", target: untagged }, says: [] },
    "a ping": { body: { id: "c5950af0-c8d0-4924-9873-1ba7da5cbf83", action: "ping" }, says: [] },
  },
  bad: {
    "no action": { body: { target }, field: "action" },
    "no repository": { body: { ...push, target: { tag: "v1" } }, field: "target.repository" },
    "a tag that is none": { body: { ...push, target: { ...target, tag: ":" } }, field: "target.tag" },
    "no host": { body: { ...push, request: {} }, field: "request.host" },
    "a digest that is none": { body: { ...push, target: { ...target, digest: "sha256:x" } }, field: "target.digest" },
  },
}).run();
