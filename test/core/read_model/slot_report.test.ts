import * as assert from "uvu/assert";
import { suite } from "uvu";
import type { VersionReport } from "../../../core/read_model/version_report.ts";
import { describeGates, reportSlot } from "../../../core/read_model/slot_report.ts";
import type { RegistryAnswer } from "../../../core/read_model/registry_versions.ts";
import { lastReadings } from "../../../core/workloads/source_events.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { advise, ago, holdOf, now, requestOf, workloadOf } from "../../ui/kubectl/objects.ts";

const s = suite("why a version is taken or not");
const tags = (...tags: string[]): RegistryAnswer => ({ versions: tags.map((tag) => ({ tag })), warnings: [] });

function tell(workload: Workload, registry?: RegistryAnswer, requests: UpdateRequest[] = []) {
  return reportSlot({ workload, slot: workload.slots[0]!, requests, registry, advise, now });
}

const reportVersions = (...input: Parameters<typeof tell>): Record<string, VersionReport> =>
  Object.fromEntries(tell(...input).versions.map((fate) => [fate.version, fate]));

s("filtered, by which rule of the policy", () => {
  const all = tags("1.0.0", "1.1.0", "1.2.0", "2.0.0", "0.9.0", "1.3.0-alpine", "1.3.0-rc1", "latest", "v1.4.0", "1.5");
  const fates = reportVersions(workloadOf(), all);
  const rules = Object.fromEntries(
    Object.values(fates).map(({ version, state, rule }) => [version, `${state} ${rule}`]),
  );
  assert.equal(rules, {
    "2.0.0": "filtered beyond-policy",
    "1.5": "filtered other-parts",
    "v1.4.0": "filtered other-prefix",
    "1.3.0-alpine": "filtered other-suffix",
    "1.3.0-rc1": "filtered prerelease",
    "1.2.0": "unseen NotToldOf",
    "1.1.0": "filtered superseded-by-better",
    "1.0.0": "runs same",
    "0.9.0": "filtered lower",
    "latest": "filtered not-a-version",
  });
  assert.is(fates["2.0.0"]!.why, "2.0.0 is further from 1.0.0 than policy minor goes");
});

s("the highest comes first, what is no version last", () => {
  const { versions } = tell(workloadOf(), tags("latest", "1.0.0", "1.10.0", "1.9.0", "dev", "1.9.0-rc1"));
  assert.equal(versions.map(({ version }) => version), ["1.10.0", "1.9.0", "1.9.0-rc1", "1.0.0", "dev", "latest"]);
});

s("taken, but nobody has told Headwind of it: it depends on what may", () => {
  const why = (annotations: Record<string, string>) =>
    reportVersions(workloadOf({ annotations }), tags("1.1.0"))["1.1.0"]!;
  assert.match(why({}).why, /higher than 1\.0\.0, and policy minor takes it, but no webhook has told Headwind of it/);
  assert.match(why({ "event-source": "polling" }).why, /and the next poll offers it$/);
  assert.is(why({ "event-source": "polling" }).rule, "NotPolledYet");
  assert.match(why({ "event-source": "both" }).why, /and the next poll or webhook offers it$/);
  assert.match(why({ "event-source": "none" }).why, /nothing may tell Headwind of it/);
  assert.match(why({ "require-approval": "true" }).why, /then it waits for approval$/);
  const late = why({ "min-update-interval": "1h", "last-update": ago(60) }).why;
  assert.match(late, /again not before 2026-03-01T12:59:00.000Z \(min-update-interval\)$/);
});

s("what its request says, for each phase", () => {
  const cases: [Parameters<typeof requestOf>[1], state: string, rule: string, why: RegExp][] = [
    [{}, "waits", "Pending", /has not looked at its request yet/],
    [
      { phase: "Pending", reason: "WaitingForApproval", message: "waits for approval" },
      "waits",
      "WaitingForApproval",
      /^waits for approval: kubectl headwind approve web-app-1\.1\.0$/,
    ],
    [
      { phase: "Pending", reason: "IntervalNotElapsed", message: "again not before" },
      "waits",
      "IntervalNotElapsed",
      /again not before/,
    ],
    [
      { phase: "Pending", reason: "RegistryUnavailable", message: "cannot be asked" },
      "waits",
      "RegistryUnavailable",
      /cannot be asked/,
    ],
    [{ phase: "Approved", reason: "IntervalNotElapsed" }, "approved", "IntervalNotElapsed", /it is Approved/],
    [{ phase: "Held", reason: "VersionHeld", message: "is held by ann" }, "held", "VersionHeld", /held by ann$/],
    [
      { phase: "Rejected", reason: "Rejected", message: "rejected by bob: no" },
      "rejected",
      "Rejected",
      /by bob: no; not offered again, but by kubectl headwind retry web-app-1\.1\.0$/,
    ],
    [{ phase: "Failed", reason: "ApplyRefused" }, "failed", "ApplyRefused", /it is Failed; not offered again/],
    [{ phase: "Expired", reason: "Expired" }, "expired", "Expired", /not offered again/],
    [{ phase: "Failed", reason: "NotInRegistry" }, "unseen", "NotToldOf", /no webhook has told/],
    [{ phase: "Superseded", reason: "Resumed" }, "unseen", "NotToldOf", /no webhook has told/],
    [{ phase: "Completed", reason: "Verified" }, "left", "Verified", /it ran before, and was left/],
  ];
  for (const [changes, state, rule, why] of cases) {
    const fate = reportVersions(workloadOf(), tags("1.0.0", "1.1.0"), [requestOf("1.1.0", changes)])["1.1.0"]!;
    assert.equal([fate.state, fate.rule, fate.updateRequest], [state, rule, "web-app-1.1.0"], JSON.stringify(changes));
    assert.match(fate.why, why);
  }
});

s("a request that waits and is held says how it is let go; one to be made anew, what it would give way to", () => {
  const held = requestOf("1.1.0", { phase: "Held", reason: "VersionHeld", message: "is held by ann" });
  const workload = workloadOf({ held: [holdOf("1.1.0"), holdOf("1.3.0")] });
  assert.is(
    reportVersions(workload, tags("1.0.0"), [held])["1.1.0"]!.why,
    "is held by ann; not offered until a person resumes: kubectl headwind resume deployment/web --version 1.1.0",
  );
  const message = "web:1.1.0 is held by ann: too slow; not offered again until a person resumes";
  assert.is(
    reportVersions(workload, tags("1.0.0"), [
      requestOf("1.1.0", { phase: "Held", reason: "VersionHeld", message }),
    ])["1.1.0"]!
      .why,
    "web:1.1.0 is held by ann: too slow; " +
      "not offered until a person resumes: kubectl headwind resume deployment/web --version 1.1.0",
    "said once",
  );
  const rejected = requestOf("1.1.0", { phase: "Rejected", reason: "Rejected", message: "rejected by bob: no" });
  const newer = requestOf("1.2.0", { phase: "Pending", reason: "WaitingForApproval" });
  assert.is(
    reportVersions(workloadOf(), tags("1.0.0"), [rejected, newer])["1.1.0"]!.why,
    "rejected by bob: no; not offered again, unless 1.2.0, which is newer, is rejected: " +
      "then by kubectl headwind retry web-app-1.1.0",
  );
});

s("what gives way to a better one names it", () => {
  const { why } = reportVersions(workloadOf(), tags("1.1.0", "1.2.0", "1.3.0"))["1.1.0"]!;
  assert.is(why, "1.1.0 would be taken if there were no better one, 1.3.0");
});

s("a version that runs and is verified still says so", () => {
  const request = requestOf("1.1.0", { phase: "Verifying", reason: "PodsNotAvailable", message: "not all pods" });
  const fate = reportVersions(workloadOf({ image: "web:1.1.0" }), tags("1.1.0"), [request])["1.1.0"]!;
  assert.equal([fate.state, fate.rule, fate.why], ["verifying", "PodsNotAvailable", "not all pods"]);
});

s("held: written down, or left by a person, or with all versions", () => {
  const written = reportVersions(workloadOf({ held: [holdOf("1.1.0")] }), tags("1.1.0", "1.2.0"));
  assert.equal([written["1.1.0"]!.state, written["1.2.0"]!.state], ["held", "unseen"]);
  assert.is(
    written["1.1.0"]!.why,
    "held by ann: too slow; not offered until a person resumes: kubectl headwind resume deployment/web --version 1.1.0",
  );

  const history = [{ container: "app", image: "web:1.1.0", previousImage: "web:1.0.0", timestamp: ago(60) }];
  const left = reportVersions(workloadOf({ history }), tags("1.1.0"));
  assert.is(
    left["1.1.0"]!.why,
    "held: app was moved back to web:1.0.0; not offered until a person resumes: " +
      "kubectl headwind resume deployment/web --version 1.1.0",
  );

  const everything = reportVersions(workloadOf({ held: [holdOf(undefined)] }), tags("1.1.0", "1.2.0", "2.0.0"));
  assert.equal([everything["1.1.0"]!.state, everything["1.2.0"]!.state], ["held", "held"]);
  assert.match(everything["1.2.0"]!.why, /held by ann, with all others: too slow.* resume deployment\/web$/);
  assert.is(everything["2.0.0"]!.rule, "beyond-policy");

  const holdAll = workloadOf({ held: [holdOf("1.1.0")], annotations: { hold: "all" } });
  assert.match(
    reportVersions(holdAll, tags("1.1.0", "1.2.0"))["1.2.0"]!.why,
    /with all others.* resume deployment\/web$/,
  );

  const resumed = workloadOf({ held: [holdOf("1.1.0", { resumedAt: ago(1), resumedBy: "bob" })] });
  assert.is(reportVersions(resumed, tags("1.1.0"))["1.1.0"]!.state, "unseen");
});

s("what is held whatever the version is said once for all, also while there is none", () => {
  const { held, versions } = tell(workloadOf({ held: [holdOf(undefined)] }), tags("1.0.0"));
  assert.equal(versions.map(({ state }) => state), ["runs"]);
  assert.is(
    held,
    "every version is held by ann: too slow; none is offered until a person resumes: " +
      "kubectl headwind resume deployment/web",
  );
  const byAnnotation = workloadOf({ held: [holdOf("1.1.0")], annotations: { hold: "all" } });
  assert.match(tell(byAnnotation, tags("1.0.0")).held ?? "", /^every version is held by ann: .* --version 1\.1\.0$/);
  const ofTheOther = workloadOf({ init: "web:1.0.0", held: [holdOf(undefined, { container: "migrate" })] });
  assert.match(tell(ofTheOther, tags("1.0.0")).held ?? "", / resume deployment\/web migrate$/);
  assert.is(tell(workloadOf({ held: [holdOf("1.1.0")] }), tags("1.0.0")).held, undefined);
});

s("who moves together with a container is named", () => {
  assert.equal(tell(workloadOf({ init: "web:1.0.0" }), tags("1.0.0")).together, ["migrate"]);
  assert.is(tell(workloadOf({ init: "web:0.9.0" }), tags("1.0.0")).together, undefined);
});

s("a registry that does not answer: what is known without it is told", () => {
  const { registry, versions } = tell(workloadOf({ held: [holdOf("1.2.0")] }), {
    unreachable: "reg.example does not answer.",
    warnings: ["pull secret shop/pull may not be read"],
  }, [requestOf("1.1.0", { phase: "Pending", reason: "WaitingForApproval" })]);
  assert.equal(registry, {
    unreachable: "reg.example does not answer.",
    warnings: ["pull secret shop/pull may not be read"],
  });
  assert.equal(versions.map(({ version, state }) => [version, state]), [
    ["1.2.0", "held"],
    ["1.1.0", "waits"],
    ["1.0.0", "runs"],
  ]);
});

s("policy force follows the digest of its tag", () => {
  const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
  const workload = workloadOf({ image: `web:latest@${old}`, annotations: { policy: "force" } });
  const { versions } = tell(workload, { followed: "latest", digest: fresh, warnings: [] });
  assert.equal(versions.map(({ version, state, rule }) => [version, state, rule]), [
    ["latest@sha256:bbbbbbbbbbbb", "unseen", "NotToldOf"],
    ["latest@sha256:aaaaaaaaaaaa", "runs", "same"],
  ]);
  assert.match(versions[0]!.why, /the digest of latest has moved/);
  const gone = tell(workload, { followed: "latest", digest: undefined, warnings: [] });
  assert.equal(gone.registry!.warnings, ["the registry has no tag latest"]);
});

s("a tag without an order is taken only when a webhook names it", () => {
  const fate = (source: string) =>
    reportVersions(
      workloadOf({ annotations: { policy: "all", "event-source": source } }),
      tags("1.0.0", "feature"),
    )["feature"]!;
  assert.match(fate("webhook").why, /nothing tells whether .*; it is taken when a webhook names it$/);
  assert.match(fate("polling").why, /is newer$/);
  assert.equal([fate("webhook").state, fate("webhook").rule], ["filtered", "no-order"]);
});

s("where nothing at all is taken, that is said once", () => {
  assert.match(tell(workloadOf({ annotations: null })).nothing!, /no headwind\.sh\/policy/);
  assert.match(tell(workloadOf({ annotations: { policy: "none" } })).nothing!, /policy none takes nothing/);
  assert.match(
    tell(workloadOf({ annotations: { images: "other" } })).nothing!,
    /headwind\.sh\/images leaves its image out/,
  );
  assert.match(
    tell(workloadOf({ annotations: { policy: "minro" } })).nothing!,
    /cannot be read: headwind\.sh\/policy is "minro"/,
  );
  assert.match(tell(workloadOf({ image: "No Image" })).nothing!, /no image reference/);
  assert.is(tell(workloadOf()).nothing, undefined);
  assert.equal(tell(workloadOf({ annotations: null })).versions, []);
});

s("a request says what it says, also where no policy judges", () => {
  const request = requestOf("1.1.0", { phase: "Pending", reason: "WaitingForApproval", message: "waits" });
  const { versions } = tell(workloadOf({ annotations: null }), undefined, [request]);
  assert.equal(versions.map(({ version, state }) => [version, state]), [["1.1.0", "waits"]]);
});

s("requests of other containers and other repositories are none of this one's", () => {
  const others = [
    requestOf("1.1.0", { name: "a", spec: { containerName: "proxy" } }),
    requestOf("1.1.0", { name: "b", spec: { newImage: "other:1.1.0" } }),
  ];
  assert.is(reportVersions(workloadOf(), tags("1.1.0"), others)["1.1.0"]!.updateRequest, undefined);
});

s("the workload's own gates are told in few words", () => {
  const annotations = { policy: "glob", pattern: "1.*", "require-approval": "true", "min-update-interval": "5m" };
  assert.equal(describeGates(workloadOf({ annotations: { ...annotations, "event-source": "both" } })), [
    "policy glob 1.*",
    "each update wants an approval",
    "hears of versions by webhook and polling",
    "300 s between updates",
  ]);
  assert.equal(describeGates(workloadOf({ annotations: null })), []);
});

s("what Headwind's own polls cannot read, by its Events, until they can", () => {
  const versions = "the versions of docker.io/library/web";
  const told = (reason: string, seconds: number, message: string, reading = versions) => ({
    metadata: { name: reason, namespace: "shop", annotations: { "headwind.sh/reading": reading } },
    reason,
    message,
    lastTimestamp: ago(seconds),
  });
  const failed = (seconds: number, message: string, reading?: string) =>
    told("ImageSourceFailed", seconds, message, reading);
  const read = (seconds: number) => told("ImageSourceRead", seconds, "it can be read again");
  const other = { ...failed(10, "of another"), reason: "SecretLeftOut" };
  const unread = (events: Parameters<typeof lastReadings>[0], annotations: Record<string, string> = {}) => {
    const workload = workloadOf({ annotations: { "event-source": "polling", ...annotations } });
    const readings = lastReadings(events);
    const input = { workload, slot: workload.slots[0]!, requests: [], registry: tags(), advise, now };
    return (reportSlot({ ...input, readings }).unread ?? []).map(({ reading, message }) => `${reading}: ${message}`);
  };
  assert.equal(unread([]), []);
  assert.equal(unread([failed(300, "401"), failed(200, "503"), other]), [`${versions}: 503`]);
  assert.equal(unread([failed(300, "401"), read(250)]), []);
  assert.equal(unread([read(250), failed(300, "401")]), []);
  assert.equal(unread([failed(250, "401"), read(250)]), [], "of the same second");
  assert.equal(unread([failed(300, "401"), read(250), failed(200, "503")]), [`${versions}: 503`]);
  const digest = "a new version of docker.io/library/web";
  assert.equal(unread([failed(9, "503", digest), failed(8, "x", "web:main")]), [`${digest}: 503`]);
  assert.equal(unread([failed(300, "401")], { "event-source": "webhook" }), [], "what is not polled");
  const followed = "docker.io/library/web:1.0.0";
  const force = [failed(300, "401"), failed(300, "404", followed)];
  assert.equal(unread(force, { policy: "force" }), [`${followed}: 404`], "what is not wanted");
});

s.run();
