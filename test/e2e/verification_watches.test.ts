import * as assert from "uvu/assert";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { Call } from "../support/proxy.ts";
import { untilAcknowledged } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { known, token } from "./fixture.ts";
import { openProxiedWorkloads, type ProxiedWorkloads } from "./proxied_workloads.ts";
import { condition } from "./test_workloads.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("what verification asks of the API server, and what it keeps over a restart");

let { fixture, ns, proxy, workloads, operator, restart } = {} as ProxiedWorkloads;

s.before(async () =>
  void ({ fixture, ns, proxy, workloads, operator, restart } = await openProxiedWorkloads("watches"))
);

s.after(() => fixture.stop());

const ofPods = ({ path }: Call) => path.includes("/pods");
const selectorOf = ({ path }: Call) => new URL(path, "http://api").searchParams.get("labelSelector");
/** Those on the requests themselves come later, a few each second. */
const isEvent = ({ path }: Call) => path.includes("fieldManager=headwind-later");
const isLease = ({ path }: Call) => path.includes("/leases");
const brief = (calls: readonly Call[]) => calls.map(({ method, path }) => `${method} ${path}`);

s("no pod is watched before there is something to verify, and only those of the changed workload then", async () => {
  await workloads.add("alone", { annotations: { soak: "2" } });
  await workloads.add("beside");
  assert.equal(brief(proxy.calls.filter(ofPods)), []);
  await workloads.tell("alone", "1.1.0");
  await workloads.phase("alone", "1.1.0", "Verifying");
  await eventually(
    "its pods are watched",
    () => Promise.resolve(proxy.calls.some((call) => ofPods(call) && call.watch)),
  );
  await workloads.phase("alone", "1.1.0", "Completed");
  await eventually("the watch is closed", () => {
    const watches = proxy.calls.filter((call) => ofPods(call) && call.watch);
    return Promise.resolve(watches.length > 0 && watches.every(({ closed }) => closed));
  });
  const asked = proxy.calls.filter(ofPods);
  assert.equal([asked.length, asked.filter(({ watch }) => watch).length], [2, 1], brief(asked).join("\n"));
  assert.equal([...new Set(asked.map(selectorOf))], ["app=alone"]);
  assert.ok(asked.every(({ path }) => path.startsWith(`/api/v1/namespaces/${ns.namespace}/pods?`)));
});

s(
  "24 workloads at once: one list and one watch for each selector, no polling, and all is closed afterwards",
  async () => {
    const groups = ["red", "blue"];
    const names = Array.from({ length: 24 }, (_, index) => `many-${index}`);
    const image = (tag: string) => `registry.example/many:${tag}`;
    const annotations = { "require-approval": "false", soak: "20" };
    await Promise.all(names.map(async (name, index) => {
      const object = deployment({ name, image: image("1.0.0"), annotations, replicas: 1 });
      const labels = { group: groups[index % groups.length] };
      const template = { ...object.spec!.template as object, metadata: { labels } };
      await ns.create({ ...object, spec: { ...object.spec, selector: { matchLabels: labels }, template } });
    }));
    await known(operator(), image("1.0.0"), names.length);
    await eventually("all run", async () =>
      (await ns.workloads()).every(({ spec, status }) => {
        return status?.readyReplicas === spec?.replicas;
      }), { seconds: 60 });
    const from = proxy.calls.length;
    await untilAcknowledged(operator().webhook, { image: "registry.example/many", tag: "1.1.0" }, { token });
    const all = async () => (await ns.requests()).filter(({ spec }) => spec.newImage === image("1.1.0"));
    await eventually("all are healthy, and soak", async () => {
      const requests = await all();
      return requests.length === names.length &&
        requests.every((request) =>
          request.status?.phase === "Verifying" && condition(request, "Healthy").status === "True"
        );
    }, { seconds: 60, last: async () => (await all()).map(({ status }) => status) });
    const soaking = proxy.calls.length;
    await pause(1500);
    const meanwhile = proxy.calls.slice(soaking).filter((call) => !isLease(call) && !isEvent(call));
    assert.equal(brief(meanwhile), [], "nothing is asked while nothing changes");

    await eventually(
      "all are completed",
      async () => (await all()).every(({ status }) => status?.phase === "Completed"),
      {
        seconds: 60,
      },
    );
    const calls = () => proxy.calls.slice(from).filter((call) => !isLease(call));
    await eventually(
      "all watches of pods are closed",
      () => Promise.resolve(calls().filter((call) => ofPods(call) && call.watch).every(({ closed }) => closed)),
    );
    for (const group of groups) {
      const asked = calls().filter((call) => ofPods(call) && selectorOf(call) === `group=${group}`);
      assert.equal(asked.map(({ watch }) => watch), [false, true], brief(asked).join("\n"));
    }
    assert.is(calls().filter(ofPods).length, 2 * groups.length);
    const reads = calls().filter(({ method, watch }) => method === "GET" && !watch).filter((call) => !ofPods(call));
    assert.equal(brief(reads), [], "nothing else is read");
  },
);

s(
  "a restart in the middle: the deadline is that of the change, and the soak that of the first healthy reading",
  async () => {
    const bad = `1.1.${FAULTS.unready}`;
    await workloads.add("late", { annotations: { "rollback-timeout": "8" } });
    await workloads.add("soaked", { annotations: { soak: "8" } });
    await workloads.tell("late", bad);
    await workloads.tell("soaked", "1.1.0");
    await workloads.phase("late", bad, "Verifying");
    const healthy = await eventually("it is healthy", async () => {
      const request = await workloads.request("soaked", "1.1.0");
      const found = request?.status?.conditions?.find(({ type }) => type === "Healthy");
      return found?.status === "True" && found;
    });
    await pause(4000);
    const killed = Date.now();
    await restart();
    const { status: late } = await workloads.phase("late", bad, "Failed");
    assert.ok(Date.parse(late!.lastUpdated!) >= Date.parse(late!.appliedAt!) + 8000, JSON.stringify(late));
    assert.ok(Date.parse(late!.lastUpdated!) < killed + 8000, "the deadline did not begin anew");
    const soaked = await workloads.phase("soaked", "1.1.0", "Completed");
    const since = condition(soaked, "Healthy").lastTransitionTime;
    assert.is(since, healthy.lastTransitionTime);
    assert.ok(Date.parse(soaked.status!.lastUpdated!) >= Date.parse(since) + 8000, JSON.stringify(soaked.status));
    assert.ok(Date.parse(soaked.status!.lastUpdated!) < killed + 8000, "the soak did not begin anew");
  },
);

s("the rollout's samples are stored: another operator goes on with them, and tells no count twice", async () => {
  await workloads.add("sampled", { replicas: 3, annotations: { soak: "7", "rollback-timeout": "8" } });
  await workloads.updated("sampled", "1.1.0");
  const bad = `1.2.${FAULTS.unready}`;
  await workloads.tell("sampled", bad);
  const sampled = (tag: string) => workloads.request("sampled", tag).then((request) => request?.status?.rollout ?? []);
  const begun = await eventually("a pod of the bad version is counted", async () => {
    const samples = await sampled(bad);
    return samples.at(-1)?.new === 1 && samples;
  });
  await restart();
  await workloads.phase("sampled", bad, "Failed");
  const good = await sampled("1.1.0");
  const { at: _, ...last } = good.at(-1)!;
  assert.equal(last, { old: 0, new: 3, ready: 3 });
  const samples = await sampled(bad);
  assert.equal(samples.slice(0, begun.length), begun);
  assert.equal(samples.filter(({ ready }) => ready > 0), []);
  for (const all of [good, samples]) {
    const counts = all.map(({ old, new: newer, ready }) => `${old}/${newer}/${ready}`);
    assert.ok(counts.every((count, index) => count !== counts[index - 1]), counts.join(" "));
    assert.equal(all.map(({ at }) => at), all.map(({ at }) => at).sort());
  }
});

s("a deadline that passes while nobody runs has passed", async () => {
  await workloads.add("unseen", { annotations: { "rollback-timeout": "2" } });
  const bad = `1.1.${FAULTS.unready}`;
  await workloads.tell("unseen", bad);
  await workloads.phase("unseen", bad, "Verifying");
  await restart(() => pause(2500));
  const failed = await workloads.phase("unseen", bad, "Failed", 10);
  assert.is(condition(failed, "Healthy").reason, "NotHealthyInTime");
});

s("an API server that lists no pods: it waits, says why, and goes on", async () => {
  proxy.answer({ match: (method, path) => method === "GET" && path.includes("/pods?"), status: 500 });
  await workloads.add("blind");
  await workloads.tell("blind", "1.1.0");
  const request = await eventually("it says why", async () => {
    const found = await workloads.request("blind", "1.1.0");
    return found?.status?.conditions?.some(({ reason, message }) =>
      reason === "PodsNotListed" && /500/.test(message)
    ) &&
      found;
  }, { last: () => workloads.requests("blind") });
  assert.is(request.status!.phase, "Verifying");
  proxy.recover();
  await workloads.phase("blind", "1.1.0", "Completed");
});

s.run();
