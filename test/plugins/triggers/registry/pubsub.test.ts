import { Buffer } from "node:buffer";
import { conformance } from "../../../conformance/mod.ts";
import registry from "../../../../plugins/triggers/registry.ts";

// https://cloud.google.com/artifact-registry/docs/configure-notifications

const name = "us-west1-docker.pkg.dev/my-project/my-repo/hello-world";
const sha = "sha256:6ec128e26cd5c4b8a2e1a9a1c8e9a3d9b4b3f9b1c2d3e4f5061728394a5b6c7d";
const pushed = { action: "INSERT", digest: `${name}@${sha}` };
const tagged = { ...pushed, tag: `${name}:1.1` };
const removed = { action: "DELETE", tag: `${name}:1.1` };

const wrap = (data: string) => ({
  body: {
    message: { data, messageId: "2070443601311540", message_id: "2070443601311540" },
    subscription: "projects/my-project/subscriptions/headwind",
  },
});
const message = (value: unknown) => wrap(Buffer.from(JSON.stringify(value)).toString("base64"));

conformance(registry, {
  good: {
    "a new tag": { ...message(tagged), says: [`${name}:1.1@${sha}`] },
    "a new tag, not wrapped": { body: tagged, says: [`${name}:1.1@${sha}`] },
    "a tag alone": {
      ...message({ action: "INSERT", tag: "gcr.io/my-project/web:2" }),
      says: ["gcr.io/my-project/web:2"],
    },
    "an image without a tag": { ...message(pushed), says: [] },
    "a tag that is empty": { ...message({ ...pushed, tag: "" }), says: [] },
    "a tag that is null": { ...message({ ...pushed, tag: null }), says: [] },
    "a digest in the place of the tag": { ...message({ ...pushed, tag: `${name}@${sha}` }), says: [] },
    "a removed tag": { ...message(removed), says: [] },
    "a removed image, not wrapped": { body: { action: "DELETE", digest: `${name}@${sha}` }, says: [] },
    "a signature": { ...message({ ...pushed, tag: `${name}:sha256-59d78.sig` }), says: [] },
  },
  bad: {
    "a message that is none": { body: { message: "hello" }, field: "message" },
    "no data": { body: { message: { attributes: {} } }, field: "message.data" },
    "data that is no base64": { ...wrap("***"), field: "message.data" },
    "data that is no JSON": { ...wrap(btoa("hello")), field: "message.data" },
    "data that is no UTF-8": { ...wrap(btoa('{"action":"INSERT","tag":"\xff"}')), field: "message.data" },
    "data that is no object": { ...message("INSERT"), field: "message.data" },
    "a message of another kind": { ...message({ kind: "DISCOVERY" }), field: "message.data.action" },
    "a tag without its repository": { ...message({ ...pushed, tag: "1.1" }), field: "message.data.tag" },
    "a tag that has none": { ...message({ ...pushed, tag: name }), field: "message.data.tag" },
    "a tag that has none, not wrapped": { body: { ...pushed, tag: name }, field: "tag" },
    "a digest that is none": { ...message({ ...tagged, digest: `${name}@sha256:6ec1` }), field: "message.data.digest" },
  },
}).run();
