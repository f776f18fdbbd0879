import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ChartVersion } from "../../../core/registry/helm/index/chart_versions.ts";
import { createChartAccess } from "../../../core/intake/chart_access.ts";
import { createRegistryAccess } from "../../../core/intake/registry_access.ts";
import { createWorkloadIndex } from "../../../core/workloads/workload_index.ts";
import { HELM_CONFIG_TYPE } from "../../../core/versions/chart_repository.ts";
import type { Artifact, ChartSource, SeenVersion } from "../../../core/plugin.ts";
import { readingNotes } from "./intake_harness.ts";
import { polledArtifacts } from "../../../core/workloads/event_sources.ts";
import { RegistryError } from "../../../core/registry/registry_error.ts";
import type { Credentials } from "../../../core/registry/credentials.ts";
import type { RepositoryRef } from "../../../core/registry/send.ts";
import { type ReleaseChanges, releaseOf } from "../../support/build/helm_release.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { secretOf, secretsOf } from "../registry/helm/secrets.ts";
import { requestLookup } from "../../../core/intake/version_lookups.ts";

const s = suite("places of charts, asked with the logins of their sources");

interface Registry {
  tags?: string[];
  /** By tag; a chart's by default. */
  types?: Record<string, string | undefined>;
  versions?: ChartVersion[];
  refuses?: (user: string | undefined) => boolean;
}

function access(releases: ReleaseChanges[], { tags = [], types, versions = [], refuses = () => false }: Registry = {}) {
  const index = createWorkloadIndex();
  for (const [at, changes] of releases.entries()) index.set(releaseOf({ name: `r${at}`, ...changes }));
  const asked: string[] = [];
  const askedFor: (string | undefined)[] = [];
  const notes = readingNotes();
  const { warnings } = notes;
  async function ask<T>(
    what: string,
    { registry, repository, plain, onBehalfOf }: RepositoryRef,
    login: Credentials | undefined,
    value: T,
  ) {
    askedFor.push(onBehalfOf);
    const user = login && "username" in login ? login.username : undefined;
    asked.push(`${what} ${plain ? "plain " : ""}${registry}/${repository} ${user ?? "-"}`);
    if (refuses(user)) throw new RegistryError("unauthorized", registry, `${user ?? "nobody"} may not.`);
    return value;
  }
  const secrets = {
    ...secretsOf({
      "default/mine": secretOf({ username: "ann", password: "x" }),
      "other/mine": secretOf({ username: "bob", password: "x" }),
    }),
    getServiceAccount: async () => ({}),
  };
  const registry = {
    tags: (ref: RepositoryRef, login?: Credentials) => ask("tags", ref, login, { tags, notModified: false }),
    digest: (ref: RepositoryRef, tag: string, login?: Credentials) => ask(`digest ${tag}`, ref, login, "sha256:0"),
    configType: (ref: RepositoryRef, tag: string, login?: Credentials) =>
      ask(`type ${tag}`, ref, login, types ? types[tag] : HELM_CONFIG_TYPE),
    origin: async () => undefined,
  };
  const repositories = {
    open: async (source: ChartSource) => ({
      identity: JSON.stringify(source),
      async versions(chart: string) {
        asked.push(`index ${source.url} ${chart}`);
        return versions;
      },
    }),
  };
  const charts = createChartAccess({ registry, repositories, secrets, warn: notes.warn });
  const all = createRegistryAccess({ registry, index, secrets, charts, watch: notes });
  const slotRef = () => {
    const workload = [...index.all()][0]!;
    return { workload, slot: workload.slots[0]! };
  };
  /** What each source shows, by the namespace of its releases. */
  async function poll(artifact: Artifact) {
    const shown: Record<string, SeenVersion[] | string> = {};
    for (const { source, namespaces } of await all.reader.sources(artifact)) {
      shown[namespaces.join()] = await all.reader.versions(artifact, { source }).catch((error: Error) => error.message);
    }
    return shown;
  }
  return { charts, all, slotRef, asked, askedFor, warnings, poll, failures: notes.failures };
}
const artifact = { type: "chart", repository: "reg.example/charts/podinfo" } as const;

s("the tags of an OCI chart are its versions", async () => {
  const { poll, asked } = access([{ secret: "mine" }], { tags: ["6.3.0", "6.4.0_b.1"] });
  assert.equal(await poll(artifact), { default: [{ tag: "6.3.0" }, { tag: "6.4.0+b.1" }] });
  assert.equal(asked, ["tags reg.example/charts/podinfo ann"]);
});

s("an index is asked for by the source, and tells what is deprecated", async () => {
  const versions = [{ version: "6.3.0" }, { version: "6.2.0", deprecated: true as const }];
  const { poll, asked } = access([{ url: "https://charts.example.com/stable" }], { versions });
  const name = { type: "chart", repository: "https://charts.example.com/stable/podinfo" } as const;
  assert.equal(await poll(name), { default: [{ tag: "6.3.0" }, { tag: "6.2.0", deprecated: true }] });
  assert.equal(asked, ["index https://charts.example.com/stable podinfo"]);
});

s("never another registry than the URL's, whatever the chart is called", async () => {
  for (const chart of ["nginx", "redis", "library/nginx", "docker.io/nginx", "ghcr.io/a/b"]) {
    const { all, slotRef, asked, poll } = access([{ chart, version: "1.0.0" }], { tags: ["1.1.0"] });
    await poll({ type: "chart", repository: `reg.example/charts/${chart}` });
    assert.is(await all.lookup(slotRef(), "1.1.0"), "1.1.0");
    assert.equal(asked, [`tags reg.example/charts/${chart} -`, `type 1.1.0 reg.example/charts/${chart} -`]);
  }
});

s("only what has the config of a chart is one", async () => {
  const types = { "6.4.0": "application/vnd.oci.image.config.v1+json", "6.5.0": "", "6.7.0_b": HELM_CONFIG_TYPE };
  const { all, slotRef, asked } = access([{}], { types });
  for (const version of ["6.4.0", "6.5.0", "6.6.0"]) {
    assert.is(await all.lookup(slotRef(), version), undefined, version);
  }
  assert.is(await all.lookup(slotRef(), "6.7.0+b"), "6.7.0+b");
  assert.is(asked.at(-1), "type 6.7.0_b reg.example/charts/podinfo -");
});

s("of a range the highest that is in it is looked up", async () => {
  const { charts, slotRef, asked } = access([{ version: "^6.1" }], { tags: ["6.9.0", "7.2.0", "7.10.0_b", "8.0.0"] });
  assert.is(await charts.lookup(slotRef(), "^7.2"), "7.10.0+b");
  assert.is(asked.at(-1), "type 7.10.0_b reg.example/charts/podinfo -");
  assert.is(await charts.lookup(slotRef(), "^9"), undefined);
});

s("a version of an index is there, or not", async () => {
  const { charts, slotRef } = access([{ url: "https://charts.example.com" }], { versions: [{ version: "6.4.0+b" }] });
  assert.is(await charts.lookup(slotRef(), "6.4.0+b"), "6.4.0+b");
  assert.is(await charts.lookup(slotRef(), "6.4.0"), undefined);
  assert.is(await charts.lookup(slotRef(), "^6.1"), "6.4.0+b");
});

s("each source is asked with its own login; a refusal is told to its own releases", async () => {
  const { poll, asked, failures } = access(
    [{ secret: "mine" }, { secret: "mine" }, { namespace: "other", secret: "mine" }],
    { refuses: (user) => user !== "bob", tags: ["6.4.0"] },
  );
  assert.equal(await poll(artifact), { default: "ann may not.", other: [{ tag: "6.4.0" }] });
  assert.equal(asked, ["tags reg.example/charts/podinfo ann", "tags reg.example/charts/podinfo bob"]);
  assert.equal(failures, ["default/r0: ann may not.", "default/r1: ann may not."]);
});

s("another registry, repository, login, way to ask or chart is another reading; the same is one", async () => {
  const read = async (changes: ReleaseChanges, change: Partial<ChartSource> = {}) => {
    const { charts, slotRef } = access([changes]);
    const { workload, slot } = slotRef();
    const source = { ...slot.source!, ...change };
    return (await charts.readerOf({ workload, slot: { ...slot, source } })).identity;
  };
  const [oci, index] = [{ url: "oci://reg.example/charts" }, { url: "https://charts.example.com/stable" }];
  const identities = await Promise.all([
    read(oci),
    read({ url: "oci://other.example/charts" }),
    read({ url: "oci://reg.example/more" }),
    read({ ...oci, chart: "nginx" }),
    read({ ...oci, secret: "mine" }),
    read({ ...oci, secret: "mine", namespace: "other" }),
    read(oci, { insecure: true }),
    read(index),
    read({ ...index, chart: "nginx" }),
    read({ url: "https://charts.example.com/test" }),
  ]);
  assert.is(new Set(identities).size, identities.length, identities.join("\n"));
  assert.is(await read({ ...oci, name: "another", namespace: "other" }), identities[0]);
  assert.is(await read(oci, { insecure: false }), identities[0]);
});

s("a registry is asked on behalf of the release's namespace", async () => {
  const { charts, slotRef, askedFor } = access([{ namespace: "prod" }], { tags: ["6.4.0"] });
  await (await charts.readerOf(slotRef())).versions(new AbortController().signal);
  await charts.lookup(slotRef(), "6.4.0");
  assert.equal(askedFor, ["prod", "prod"]);
});

s("what is added to a URL makes another source: nobody else's release is decided by it, or fails with it", async () => {
  const at = (url: string, namespace: string) => ({ url, namespace });
  const url = "https://charts.example.com/stable";
  const { poll, asked, failures } = access([
    at(url, "victim"),
    at(`${url}?ref=attacker`, "query"),
    at("https://u:p@charts.example.com/stable", "login"),
  ], { versions: [{ version: "6.4.0" }] });
  const shown = await poll({ type: "chart", repository: `${url}/podinfo` });
  assert.equal(Object.keys(shown).sort(), ["login", "query", "victim"]);
  assert.equal(shown.victim, [{ tag: "6.4.0" }]);
  assert.equal(asked, [
    `index ${url} podinfo`,
    `index ${url}?ref=attacker podinfo`,
    "index https://u:p@charts.example.com/stable podinfo",
  ]);
  assert.equal(failures, []);
});

s("a Secret that is not there is told, and it is asked without", async () => {
  const { poll, asked, warnings } = access([{ secret: "missing" }]);
  await poll(artifact);
  assert.equal(asked, ["tags reg.example/charts/podinfo -"]);
  assert.match(warnings.join(), "default/missing");
});

s("a request's version is asked for: a version, one with metadata, a range", async () => {
  const { all, slotRef, asked } = access([{ version: "^6.1" }], {
    tags: ["7.2.0"],
    types: { "6.4.0_b": HELM_CONFIG_TYPE, "7.2.0": HELM_CONFIG_TYPE },
  });
  const ask = requestLookup(all.lookup);
  const answer = async (newImage: string) =>
    await ask(requestOf({ container: "chart", newImage, trusted: false }), slotRef().workload);
  assert.is(await answer("podinfo:6.4.0+b"), "found");
  assert.is(await answer("podinfo:^7"), "found");
  assert.equal(asked.slice(-1), ["type 7.2.0 reg.example/charts/podinfo -"]);
  assert.is(await answer("podinfo:6.5.0"), "absent");
  assert.not(asked.some((line) => line.includes("docker.io")));
});

s("charts are polled by themselves, unless that is turned off", () => {
  const told = (changes: ReleaseChanges) =>
    polledArtifacts([releaseOf(changes)]).map(({ artifact, wantsTags }) =>
      `${artifact.type} ${artifact.repository} ${wantsTags}`
    );
  const one = "chart reg.example/charts/podinfo true";
  assert.equal(told({}), [one]);
  assert.equal(told({ discovers: true }), [one]);
  assert.equal(told({ discovers: false }), []);
  assert.equal(told({ discovers: false, annotations: { "event-source": "polling" } }), [one]);
  assert.equal(told({ annotations: { "event-source": "webhook" } }), []);
  assert.equal(told({ annotations: { policy: "force" } }), [], "a chart has no digest to follow");
  assert.equal(told({ annotations: { policy: "none" } }), []);
  assert.equal(told({ url: null }), [], "it comes from nowhere");
  const values = { image: { repository: "app", tag: "1.0.0" } };
  const images = told({ values, annotations: { "values-images": "image.repository:image.tag", images: "app" } });
  assert.equal(images, [one, "image docker.io/library/app true"]);
});

s("the default of event-source follows from that", () => {
  assert.is(releaseOf({}).settings?.eventSource, "both");
  assert.is(releaseOf({ discovers: false }).settings?.eventSource, "webhook");
  assert.is(releaseOf({ annotations: { "event-source": "none" } }).settings?.eventSource, "none");
});

s.run();
