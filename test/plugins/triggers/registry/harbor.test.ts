import { conformance } from "../../../conformance/mod.ts";
import registry from "../../../../plugins/triggers/registry.ts";

// https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/

const digest = "sha256:8a9e9863dbb6e10edb5adfe917c00da84e1700fa76e7ed02476aa6e6fb8ee0d8";
const resource = { digest, tag: "1.4.0", resource_url: "hub.harbor.example/test-webhook/debian:1.4.0" };
const repository = {
  name: "debian",
  namespace: "test-webhook",
  repo_full_name: "test-webhook/debian",
  repo_type: "private",
};

const event = (type: string, ...resources: unknown[]) => ({
  body: { type, operator: "admin", event_data: { resources, repository } },
});
const push = (...resources: unknown[]) => event("PUSH_ARTIFACT", ...resources);
const cloudEvent = (type: string, ...resources: unknown[]) => ({
  body: {
    specversion: "1.0",
    requestid: "2eedfab8-61d3-4f3c-8ec3-8f82d1ec4c84",
    id: "4b2f89a6-548d-4c12-9993-a1f5790b97d2",
    source: "/projects/1/webhook/policies/3",
    type,
    datacontenttype: "application/json",
    data: { resources, repository },
    operator: "robot$ci",
  },
});

const byDigest = { digest, tag: digest, resource_url: `hub.harbor.example/test-webhook/debian@${digest}` };
const says = `hub.harbor.example/test-webhook/debian:1.4.0@${digest}`;
const other = { ...resource, resource_url: "hub.harbor.example:8443/deep/er/debian:2" };

// deno-fmt-ignore
conformance(registry, {
  good: {
    "a pushed image": { ...push(resource), says: [says] },
    "a pushed image as a CloudEvent": { ...cloudEvent("harbor.artifact.pushed", resource), says: [says] },
    "several resources": { ...push(resource, other, byDigest),
      says: [says, `hub.harbor.example:8443/deep/er/debian:2@${digest}`] },
    "an image pushed by its digest": { ...push(byDigest), says: [] },
    "an image pushed by its digest, which stands behind a colon": {
      ...push({ ...byDigest, resource_url: `hub.harbor.example:8443/test-webhook/debian:${digest}` }), says: [] },
    "a digest behind a colon as a CloudEvent, beside a tag": {
      ...cloudEvent("harbor.artifact.pushed", { ...byDigest, resource_url: `h.example/a/b:${digest}` }, resource),
      says: [says] },
    "an empty tag": { ...push({ digest, tag: "", resource_url: `h.example/a/b:${digest}` }), says: [] },
    "an empty digest": { ...push({ ...resource, digest: "" }), says: [says.slice(0, says.indexOf("@"))] },
    "a URL without the tag": { ...push({ ...resource, resource_url: "hub.harbor.example/test-webhook/debian" }),
      says: [says] },
    "no digest": { ...push({ ...resource, digest: undefined }), says: [says.slice(0, says.indexOf("@"))] },
    "a signature of cosign": {
      ...push({
        ...resource,
        tag: `${digest.replace(":", "-")}.sig`,
        resource_url: `hub.harbor.example/test-webhook/debian:${digest.replace(":", "-")}.sig`,
      }),
      says: [],
    },
    "a pull": { ...event("PULL_ARTIFACT", byDigest), says: [] },
    "a deletion as a CloudEvent": { ...cloudEvent("harbor.artifact.deleted", byDigest), says: [] },
    "a scan": { ...event("SCANNING_COMPLETED", { ...resource, scan_overview: {} }), says: [] },
    "a replication": { body: { type: "REPLICATION", event_data: { replication: {} } }, says: [] },
    "a type that is the name of a member of objects": { ...event("constructor"), says: [] },
  },
  bad: {
    "no type": { body: { event_data: { resources: [resource] } }, field: "type" },
    "no data": { body: { type: "PUSH_ARTIFACT" }, field: "event_data" },
    "no data in a CloudEvent": { body: { type: "harbor.artifact.pushed" }, field: "data" },
    "no resources": { body: { type: "PUSH_ARTIFACT", event_data: {} }, field: "event_data.resources" },
    "no URL": { ...push(resource, { tag: "1", digest }), field: "event_data.resources.1.resource_url" },
    "a URL without a host": { ...push({ ...resource, resource_url: "test-webhook/debian:1.4.0" }),
      field: "event_data.resources.0.resource_url" },
    "a digest behind a colon that is none": { ...push({ ...byDigest, resource_url: "h.example/a/b:sha256:8a9e" }),
      field: "event_data.resources.0.resource_url" },
    "a tag that is none": { ...push({ ...resource, tag: "a b" }), field: "event_data.resources.0.tag" },
    "a digest that is none": { ...cloudEvent("harbor.artifact.pushed", { ...resource, digest: "8a9e" }),
      field: "data.resources.0.digest" },
  },
}).run();
