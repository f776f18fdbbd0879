import * as assert from "uvu/assert";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { suite } from "uvu";
import type { KubeClient } from "../../../core/kube/client.ts";
import { statusError } from "../../../core/kube/kube_error.ts";
import { projectWhole } from "../../../core/read_model/workload_reads.ts";

const s = suite("a workload with what it refers to");
const path = "/apis/source.toolkit.fluxcd.io/v1/namespaces/flux/helmrepositories/stable";
const metadata = { namespace: "shop", name: "podinfo", uid: "r1", annotations: { "headwind.sh/policy": "minor" } };
const sourceRef = { kind: "HelmRepository", name: "stable", namespace: "flux" };
const release = { metadata, spec: { chart: { spec: { chart: "podinfo", version: "6.3.0", sourceRef } } } };

async function whole(answer: () => unknown, object: object = release, isOn = true) {
  const asked: string[] = [];
  const request = (method: string, at: string) => {
    asked.push(`${method} ${at}`);
    return new Promise((resolve) => resolve(answer()));
  };
  const client = { request } as unknown as KubeClient;
  const workload = await projectWhole(client, helmrelease, object as typeof release, {
    pollingInterval: 300,
    crossNamespace: { isOn, namespaces: [] },
  });
  return { asked, workload };
}

s("what its plugin asks for is read, once", async () => {
  const url = "https://charts.example.com";
  const { asked, workload } = await whole(() => ({
    metadata: { namespace: "flux", name: "stable", annotations: { "headwind.sh/allow-from": "shop" } },
    spec: { url },
  }));
  assert.equal(asked, [`GET ${path}`]);
  assert.equal(workload.slots.map(({ current, source }) => [current, source]), [
    ["podinfo:6.3.0", { url, namespace: "flux" }],
  ]);
  assert.equal(workload.notes, []);
});

s("what is not there, or may not be read, is told", async () => {
  const status = (code: number, message: string) => () => {
    throw statusError(code, `GET ${path}`, { message });
  };
  const { workload: missing } = await whole(status(404, "not found"));
  assert.equal(missing.notes.map(({ reason }) => reason), ["CrossNamespace"]);
  const { workload: refused } = await whole(status(403, "eve cannot get it"));
  assert.equal(refused.notes.map(({ reason, message }) => [reason, message]), [
    ["SourceUnreadable", "HelmRepository flux/stable cannot be read: eve cannot get it"],
  ]);
  assert.is(refused.slots.length, 1);
  let thrown: unknown;
  await whole(status(500, "broken")).catch((error) => void (thrown = error));
  assert.instance(thrown, Error);
});

s("what Headwind does not use of another namespace is told as Headwind tells it", async () => {
  const there = () => ({
    metadata: { namespace: "flux", name: "stable" },
    spec: { url: "https://charts.example.com" },
  });
  const { workload } = await whole(there);
  assert.equal(workload.notes.map(({ message }) => message), [
    "HelmRepository flux/stable is not used: it does not exist, or its headwind.sh/allow-from does not name shop",
  ]);
  assert.is(workload.slots[0]?.source, undefined);
  const { asked, workload: off } = await whole(there, release, false);
  assert.equal(asked, []);
  assert.match(off.notes[0]!.message, "HEADWIND_CROSS_NAMESPACE");
});

s("the slots of another object are read from it, with its annotations", async () => {
  const held = [{ container: "chart", image: "podinfo:6.4.0", at: "2026-03-01T12:00:00Z", by: "ann", reason: "no" }];
  const { asked, workload } = await whole(() => ({
    metadata: {
      namespace: "shop",
      name: "podinfo",
      uid: "o1",
      resourceVersion: "9",
      annotations: { "headwind.sh/held": JSON.stringify(held), other: "1" },
    },
    spec: { url: "oci://registry.example/charts/podinfo", ref: { tag: "6.3.0_1" } },
  }), { metadata, spec: { chartRef: { kind: "OCIRepository", name: "podinfo" } } });
  assert.equal(asked, ["GET /apis/source.toolkit.fluxcd.io/v1/namespaces/shop/ocirepositories/podinfo"]);
  assert.equal(workload.slots.map(({ current }) => current), ["podinfo:6.3.0+1"]);
  assert.equal([workload.carrier?.resource.kind, workload.carrier?.uid], ["OCIRepository", "o1"]);
  assert.is(workload.annotations.held, JSON.stringify(held));
});

s.run();
