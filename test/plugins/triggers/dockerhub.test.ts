import { references } from "../../../core/versions/reference.ts";
import * as z from "zod";
import * as assert from "uvu/assert";
import { conformance } from "../../conformance/mod.ts";
import dockerhub from "../../../plugins/triggers/dockerhub.ts";
import type { WebhookCall } from "../../../core/plugin.ts";

const push = {
  images: [],
  media_type: "application/vnd.docker.distribution.manifest.v2+json",
  pusher: "trustedbuilder",
};
const repository = {
  comment_count: 0,
  description: "",
  full_description: null,
  is_official: false,
  is_private: true,
  is_trusted: false,
  name: "testhook",
  namespace: "svendowideit",
  owner: "svendowideit",
  repo_name: "svendowideit/testhook",
  repo_url: "https://hub.docker.com/r/svendowideit/testhook",
  star_count: 0,
  status: "Active",
};

/** A body as Docker Hub sends it, with other values in it. */
function body(tag: unknown, repo_name: unknown = repository.repo_name, media_type: unknown = push.media_type) {
  return {
    callback_url:
      "https://registry.hub.docker.com/u/svendowideit/testhook/hook/2141b5bi5i5b02bec211i4eeih0242eg11000a/",
    push_data: { ...push, tag, media_type },
    repository: { ...repository, repo_name },
  };
}

const { media_type: _, ...oldPush } = push;

// deno-fmt-ignore
const s = conformance(dockerhub, {
  good: {
    "a push": { body: body("1.3.0"), says: ["docker.io/svendowideit/testhook:1.3.0"] },
    "a push without a media type": { body: { push_data: { ...oldPush, tag: "latest" }, repository },
      says: ["docker.io/svendowideit/testhook:latest"] },
    "the least that a script sends": { body: { push_data: { tag: "v1.2.3" }, repository: { repo_name: "myimage" } },
      says: ["docker.io/library/myimage:v1.2.3"] },
    "an official image": { body: body("1.27", "library/nginx"), says: ["docker.io/library/nginx:1.27"] },
    "a namespace with a dot, which is no host": { body: body("1", "a.b/c"), says: ["docker.io/a.b/c:1"] },
    "a chart": { body: body("1.2.3", undefined, "application/vnd.cncf.helm.config.v1+json"),
      says: ["chart docker.io/svendowideit/testhook:1.2.3"] },
    "a signature": { body: body(`sha256-${"a".repeat(64)}.sig`), says: [] },
    "a push by digest": { body: body(`sha256:${"a".repeat(64)}`), says: [] },
    "an empty tag": { body: body(""), says: [] },
    "a tag that is null": { body: body(null), says: [] },
    "a media type that is none": { body: body("1.3.0", undefined, 5), says: ["docker.io/svendowideit/testhook:1.3.0"] },
  },
  bad: {
    "no push_data": { body: { repository }, field: "push_data" },
    "no tag": { body: { push_data: push, repository }, field: "push_data.tag" },
    "a tag that is a number": { body: body(1.1), field: "push_data.tag" },
    "a tag that is none": { body: body("1.1 --"), field: "push_data.tag" },
    "no repository": { body: { push_data: { ...push, tag: "1" } }, field: "repository" },
    "no name": { body: { push_data: { ...push, tag: "1" }, repository: {} }, field: "repository.repo_name" },
    "a path for a name": { body: body("1.1.0", "../../etc"), field: "repository.repo_name" },
    "a name in upper case": { body: body("1.1.0", "Team/app"), field: "repository.repo_name" },
    "a name that is too long": { body: body("1.1.0", `a/${"b".repeat(300)}`), field: "repository.repo_name" },
    "a list": { body: [], field: "body" },
  },
});

s("a tag of another type is refused in Headwind's words", () => {
  const refuse = (field: string, why: string): never => {
    throw new Error(`${field}: ${why}`);
  };
  const call = { body: body(1.1), z, references, refuse } as unknown as WebhookCall;
  assert.throws(() => dockerhub.webhook!.read(call), /^push_data\.tag: a tag is wanted$/);
});

s.run();
