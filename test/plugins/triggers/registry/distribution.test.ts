import { conformance } from "../../../conformance/mod.ts";
import registry from "../../../../plugins/triggers/registry.ts";

// Events are as registry 3.1 sent them, with `includereferences`, without their times.

const oci = "application/vnd.oci.image";
const web = "sha256:310ab4ba6e02695cfa21f0bce7e259f6923fede2ad5e3fe2fb10f3366e7488c8";
const config = "sha256:4865d7bcfd4549b6f6eb86e12cc01d9a2063569269a6592242b3546776125e69";
const layer = "sha256:71c97630b4a4b4d7e53e9e31624a1001aef17cf349897f3a76e4e5bf02cc66be";
const index = "sha256:78633448ad9b4c8f7f1bb460a977f780b092c82e8e23176f236366aefe7b8b89";
const chart = "sha256:294c3035792d4ac36d419ba0cb74d20ef550ea14e0c9a5cc18477321fac89f2d";

type Fields = Record<string, unknown>;

function event(target: Fields, rest: Fields = {}) {
  return {
    id: "01a214e2-229b-7a2c-9f55-49a134f54113",
    action: "push",
    target: {
      mediaType: `${oci}.manifest.v1+json`,
      digest: web,
      size: 397,
      length: 397,
      repository: "team/web",
      url: `http://reg.example:5000/v2/team/web/manifests/${web}`,
      ...target,
    },
    request: {
      id: "01a214e2-2295-770b-8bb2-1135a15307b4",
      addr: "127.0.0.1:56268",
      host: "reg.example:5000",
      method: "PUT",
      useragent: "crane/0.22.1 go-containerregistry/v0.22.1",
    },
    actor: {},
    source: { addr: "vm:5000", instanceID: "01a214e2-225d-7520-89fd-d356b8707841" },
    ...rest,
  };
}

const envelope = (...events: unknown[]) => ({ body: { events } });
const references = (...types: string[]) => types.map((mediaType) => ({ mediaType, digest: layer, size: 268 }));

const image = event({ tag: "1.0.0", references: references(`${oci}.config.v1+json`, `${oci}.layer.v1.tar`) });
const blob = event({
  mediaType: "application/octet-stream",
  digest: config,
  url: `http://reg.example:5000/v2/team/web/blobs/${config}`,
});
const child = event({ references: references(`${oci}.config.v1+json`, `${oci}.layer.v1.tar`) });
const many = event({
  mediaType: `${oci}.index.v1+json`,
  digest: index,
  tag: "1.1.0",
  references: [
    ...references(`${oci}.manifest.v1+json`),
    { mediaType: `${oci}.manifest.v1+json`, digest: layer, size: 1, artifactType: "application/vnd.in-toto+json" },
  ],
});
const helm = event({
  digest: chart,
  repository: "charts/web",
  tag: "1.2.3_b1",
  references: references(
    "application/vnd.cncf.helm.config.v1+json",
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
  ),
});
const bundle = event({
  tag: "signed",
  artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
  references: references("application/vnd.oci.empty.v1+json", "application/vnd.dev.sigstore.bundle.v0.3+json"),
});
const untagged = event({}, {
  action: "delete",
  target: { mediaType: "", digest: "", size: 0, repository: "team/web", tag: "1.0.0" },
});
/** GitLab's registry is a fork of it, and its events are the same. */
const gitlab = event({
  mediaType: "application/vnd.docker.distribution.manifest.v2+json",
  repository: "group/subgroup/project/web",
  url: `https://registry.gitlab.example/v2/group/subgroup/project/web/manifests/${web}`,
  tag: "v1.4.0",
}, { request: { host: "registry.gitlab.example", method: "PUT", useragent: "docker/27.3.1" }, actor: { name: "ann" } });

const says = `reg.example:5000/team/web:1.0.0@${web}`;
const tagged = (target: Fields, rest?: Fields) => envelope(event({ tag: "1.0.0", ...target }, rest));

// deno-fmt-ignore
conformance(registry, {
  good: {
    "a pushed image": { ...envelope(image), says: [says] },
    "layers and what an index names, which have no tag": { ...envelope(blob, child), says: [] },
    "an index, whose parts do not tell what it is": { ...envelope(blob, child, many),
      says: [`reg.example:5000/team/web:1.1.0@${index}`] },
    "a chart": { ...envelope(helm), says: [`chart reg.example:5000/charts/web:1.2.3_b1@${chart}`] },
    "what is neither": { ...envelope(bundle), says: [] },
    "pulls, mounts and deletions": {
      ...envelope(event({ tag: "1.0.0" }, { action: "pull" }), event({}, { action: "mount" }), untagged), says: [] },
    "GitLab's registry": { ...envelope(gitlab),
      says: [`registry.gitlab.example/group/subgroup/project/web:v1.4.0@${web}`] },
    "the host of the URL, where the request has none": { ...tagged({}, { request: { method: "PUT" } }), says: [says] },
    "no request at all": { ...tagged({}, { request: undefined }), says: [says] },
    "a relative URL": { ...tagged({ url: `/v2/team/web/manifests/${web}` }), says: [says] },
    "a path that looks like a host": { ...tagged({ repository: "docker.io/nginx" }),
      says: [`reg.example:5000/docker.io/nginx:1.0.0@${web}`] },
    "no tag but a digest": { ...tagged({ tag: web }), says: [] },
    "a tag that is empty, and one that is null": { ...envelope(event({ tag: "" }), event({ tag: null })), says: [] },
    "no digest": { ...tagged({ digest: undefined }), says: ["reg.example:5000/team/web:1.0.0"] },
    "an event that leads to nothing, whatever else is wrong with it": {
      ...envelope({ action: "pull", target: 5 }, event({ digest: "sha256:0", repository: "A" })), says: [] },
  },
  bad: {
    "events that are no list": { body: { events: image }, field: "events" },
    "an event that is none": { ...envelope(image, "push"), field: "events.1" },
    "no action": { ...envelope({ target: {} }), field: "events.0.action" },
    "no target": { ...envelope({ action: "push" }), field: "events.0.target" },
    "a tag that is a number": { ...tagged({ tag: 1 }), field: "events.0.target.tag" },
    "a tag that is none": { ...envelope(image, event({ tag: "a b" })), field: "events.1.target.tag" },
    "no repository": { ...tagged({ repository: undefined }), field: "events.0.target.repository" },
    "a repository that is none": { ...tagged({ repository: "../etc" }), field: "events.0.target.repository" },
    "a digest that is none": { ...tagged({ digest: "sha256:0123" }), field: "events.0.target.digest" },
    "no host": { ...tagged({ url: undefined }, { request: {} }), field: "events.0.request.host" },
    "a host that is none": { ...tagged({}, { request: { host: "reg example" } }), field: "events.0.request.host" },
    "a host that no image can name": { ...tagged({}, { request: { host: "registry" } }),
      field: "events.0.request.host" },
    "such a host in the URL": { ...tagged({ url: "http://registry/v2/team/web/manifests/1" }, { request: {} }),
      field: "events.0.target.url" },
  },
}).run();
