import { conformance } from "../../../conformance/mod.ts";
import registry from "../../../../plugins/triggers/registry.ts";

const digest = `sha256:${"c".repeat(64)}`;

conformance(registry, {
  good: {
    "an image and a tag": { body: { image: "reg.example/app", tag: "1.3.0" }, says: ["reg.example/app:1.3.0"] },
    "an image of Docker Hub": { body: { image: "nginx", tag: "1.3.0" }, says: ["docker.io/library/nginx:1.3.0"] },
    "its other names": {
      body: { image: "index.docker.io/nginx", tag: "1.3.0" },
      says: ["docker.io/library/nginx:1.3.0"],
    },
    "a user's image": { body: { image: "ann/web:1" }, says: ["docker.io/ann/web:1"] },
    "a port": { body: { image: "localhost:5000/app", tag: "1.3.0" }, says: ["localhost:5000/app:1.3.0"] },
    "an address": { body: { image: "[fd00::1]:5000/app", tag: "1.3.0" }, says: ["[fd00::1]:5000/app:1.3.0"] },
    "the tag inside": { body: { image: "reg.example:5000/a/b:1.3.0" }, says: ["reg.example:5000/a/b:1.3.0"] },
    "tag and digest inside": { body: { image: `app:1@${digest}` }, says: [`docker.io/library/app:1@${digest}`] },
    "the digest inside": { body: { image: `app@${digest}`, tag: "1" }, says: [`docker.io/library/app:1@${digest}`] },
    "the same tag twice": { body: { image: "app:1", tag: "1" }, says: ["docker.io/library/app:1"] },
    "only a digest": { body: { image: `app@${digest}` }, says: [] },
    "whatever else a script sends": {
      body: { image: "app", tag: "1", message: "built", events: 3, target: "prod", package: "app" },
      says: ["docker.io/library/app:1"],
    },
  },
  bad: {
    "no tag": { body: { image: "nginx" }, field: "tag" },
    "another tag inside": { body: { image: "nginx:1.0.0", tag: "1.1.0" }, field: "tag" },
    "a tag that is a number": { body: { image: "nginx", tag: 1 }, field: "tag" },
    "a tag that is none": { body: { image: "nginx", tag: "1.1.0 --" }, field: "tag" },
    "a tag that is empty": { body: { image: "nginx", tag: "" }, field: "tag" },
    "an image that is none": { body: { image: null, tag: "1" }, field: "image" },
    "an image in upper case": { body: { image: "Nginx/App", tag: "1.1.0" }, field: "image" },
    "an empty image": { body: { image: "", tag: "1" }, field: "image" },
    "a URL": { body: { image: "https://reg.example/app", tag: "1" }, field: "image" },
    "a digest that is none": { body: { image: "app:1@sha256:abc" }, field: "image" },
    "an image that is too long": { body: { image: "a/".repeat(600) + "a", tag: "1" }, field: "image" },
  },
}).run();
