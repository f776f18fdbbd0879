import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import {
  ASKING_ANNOTATIONS,
  PREFIX,
  UPDATE_ANNOTATIONS,
  VERIFICATION_ANNOTATIONS,
  type VerificationSettings,
  type WorkloadSettings,
  WRITTEN_ANNOTATIONS,
} from "../../../core/workloads/annotations.ts";
import { includesImage } from "../../../core/workloads/event_sources.ts";
import { registerAnnotations } from "../../../core/workloads/unknown_annotations.ts";
import {
  type AnnotationDefaults,
  DEFAULT_VERIFICATION,
  type ReadAnnotations,
  readAnnotations,
} from "../../../core/workloads/read_annotations.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("annotations");
const sentence = sentencesOf(s, import.meta.url);

const defaults: AnnotationDefaults = { pollingInterval: 300 };
const read = (annotations: Record<string, string>, given = defaults): ReadAnnotations =>
  readAnnotations(
    Object.fromEntries(Object.entries(annotations).map(([name, value]) => [PREFIX + name, value])),
    given,
  );

function settingsOf(annotations: Record<string, string>): WorkloadSettings {
  const result = read(annotations);
  if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
  return result.settings;
}

function mistakesOf(annotations: Record<string, string>) {
  const result = read(annotations);
  return result.ok ? [] : result.mistakes.map(({ annotation }) => annotation.slice(PREFIX.length));
}

s("what is not said is as documented", () => {
  assert.equal(settingsOf({}), {
    policy: { name: "none" },
    requireApproval: true,
    minUpdateInterval: 300,
    images: [],
    eventSource: "webhook",
    pollingInterval: 300,
    verification: { soak: 30, autoRollback: false, timeout: 300, retries: 3, holdAll: false },
  });
  const own = read({ policy: "minor" }, { pollingInterval: 60 });
  assert.is(own.ok && own.settings.pollingInterval, 60);
});

s("what is said is read, with blanks and in any case", () => {
  const settings = settingsOf({
    policy: " GLOB ",
    pattern: "main-*",
    "require-approval": " False",
    "min-update-interval": "15m",
    images: "nginx, team/app,,reg.example:5000/x ",
    "event-source": "Both ",
    "polling-interval": "12h",
  });
  assert.equal(settings, {
    policy: { name: "glob", pattern: "main-*" },
    requireApproval: false,
    minUpdateInterval: 900,
    images: ["nginx", "team/app", "reg.example:5000/x"],
    eventSource: "both",
    pollingInterval: 43_200,
    verification: DEFAULT_VERIFICATION,
  });
});

s("what is to come after a change is read, with blanks and in any case", () => {
  const { verification } = settingsOf({
    soak: " 2m ",
    "auto-rollback": "TRUE ",
    "rollback-timeout": "1h",
    "health-check-retries": " 5",
    hold: " All",
  });
  assert.equal(verification, { soak: 120, autoRollback: true, timeout: 3600, retries: 5, holdAll: true });
});

const unread: [annotation: string, value: string, field: keyof VerificationSettings][] = [
  ["soak", "-1", "soak"],
  ["soak", "a while", "soak"],
  ["auto-rollback", "yes", "autoRollback"],
  ["rollback-timeout", "soon", "timeout"],
  ["rollback-timeout", "0", "timeout"],
  ["health-check-retries", "few", "retries"],
  ["health-check-retries", "0", "retries"],
  ["health-check-retries", "101", "retries"],
  ["health-check-retries", "1.5", "retries"],
  ["hold", "on", "holdAll"],
];
for (const [annotation, value, field] of unread) {
  s(`${annotation}: ${value} is told, and its default used; all else is obeyed`, () => {
    const others = { policy: "minor", soak: "7", "auto-rollback": "true", "rollback-timeout": "70", hold: "all" };
    const result = read({ ...others, [annotation]: value });
    if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
    assert.is(result.settings.policy.name, "minor");
    const { verification } = result.settings;
    assert.is(verification[field], DEFAULT_VERIFICATION[field]);
    const expected = { soak: 7, autoRollback: true, timeout: 70, retries: 3, holdAll: true };
    assert.equal(verification, { ...expected, [field]: DEFAULT_VERIFICATION[field] });
    const [warning, ...more] = result.warnings;
    assert.equal([warning?.annotation, more], [PREFIX + annotation, []]);
    sentence(`${annotation}: ${value}`, warning!.message);
  });
}

const tooLong: [annotation: string, value: string, field: "soak" | "timeout", used: string, seconds: number][] = [
  ["soak", "86401", "soak", "1d", 86_400],
  ["soak", "999999999d", "soak", "1d", 86_400],
  ["rollback-timeout", "8d", "timeout", "7d", 604_800],
];
for (const [annotation, value, field, used, seconds] of tooLong) {
  s(`${annotation}: ${value} is told, and the most that may be is used`, () => {
    const result = read({ policy: "minor", [annotation]: value });
    assert.is(result.ok && result.settings.verification[field], seconds);
    assert.equal(result.warnings.map(({ annotation }) => annotation), [PREFIX + annotation]);
    sentence(`${annotation}: ${value}`, result.warnings[0]!.message);
    assert.equal(read({ policy: "minor", [annotation]: used }).warnings, []);
  });
}

s("a word on what comes after is told beside a mistake that leaves the workload alone", () => {
  const result = read({ policy: "semver", "rollback-timeout": "soon", polcy: "x" });
  assert.not(result.ok);
  assert.equal(result.warnings.map(({ annotation }) => annotation), [`${PREFIX}rollback-timeout`, `${PREFIX}polcy`]);
});

s("times are seconds, or have a unit", () => {
  const rows: [string, number][] = [["0", 0], ["90", 90], ["90s", 90], ["2m", 120], ["1h", 3600], ["1d", 86_400], [
    " 5 ",
    5,
  ]];
  for (const [text, seconds] of rows) {
    assert.is(settingsOf({ "min-update-interval": text }).minUpdateInterval, seconds, text);
  }
  for (const text of ["", "-1", "1.5", "1w", "m", "5 m", "1e3", "0x10", "9999999999", "one", "366d", "999999999d"]) {
    assert.equal(mistakesOf({ "min-update-interval": text }), ["min-update-interval"], text);
    assert.equal(mistakesOf({ "polling-interval": text }), ["polling-interval"], text);
  }
  assert.equal(mistakesOf({ "polling-interval": "0" }), ["polling-interval"]);
});

s("polls are never more often than an administrator allows, and who asks for that is told", () => {
  const bounded = (given: Record<string, string>, pollingInterval = 300) => {
    const result = read({ policy: "minor", ...given }, { pollingInterval, leastPollingInterval: 60 });
    assert.ok(result.ok);
    return [result.settings.pollingInterval, result.warnings.map(({ message }) => message)];
  };
  assert.equal(bounded({ "polling-interval": "60s" }), [60, []]);
  assert.equal(bounded({}, 10), [60, []]);
  assert.equal(bounded({ "polling-interval": "1s" }), [60, [
    'headwind.sh/polling-interval is "1s": at least 60 s are wanted here (HEADWIND_POLLING_MIN_INTERVAL); 60 is used',
  ]]);
});

s("every mistake is told at once, in a sentence with the annotation and its value", () => {
  const given = {
    policy: "semver",
    "require-approval": "perhaps",
    "min-update-interval": "soon",
    images: "nginx:1.27",
    "event-source": "pigeon",
    "polling-interval": "0s",
  };
  const result = read(given);
  assert.not(result.ok);
  if (result.ok) return;
  assert.equal(
    result.mistakes.map(({ annotation }) => annotation).sort(),
    Object.keys(given).map((name) => PREFIX + name).sort(),
  );
  for (const { annotation, message } of result.mistakes) sentence(annotation, message);
  assert.equal(mistakesOf({ policy: "glob" }), ["pattern"]);
});

s("a long value is not told whole", () => {
  const result = read({ "event-source": "x".repeat(100_000) });
  if (result.ok) throw new Error("it was taken");
  assert.ok(result.mistakes[0]!.message.length < 300);
});

s("one that nobody knows is a warning with the one that is meant, and changes nothing else", () => {
  const result = read({
    policy: "minor",
    polcy: "major",
    "quite-else": "1",
    "auto-rollback": "true",
    "update-history": "[]",
    held: "[]",
  });
  assert.is(result.ok && result.settings.policy.name, "minor");
  assert.equal(result.warnings, [
    {
      annotation: "headwind.sh/polcy",
      message: "headwind.sh/polcy is no annotation of Headwind's: is headwind.sh/policy meant?",
    },
    { annotation: "headwind.sh/quite-else", message: "headwind.sh/quite-else is no annotation of Headwind's" },
  ]);
  assert.equal(read({ policy: "minor" }).warnings, []);
  const others = { "kubectl.kubernetes.io/restartedAt": "x", "headwind.example/policy": "x" };
  assert.equal(readAnnotations(others, defaults).warnings, []);
});

s("annotations of checks are known once their plugins are", () => {
  const warned = () => read({ policy: "minor", "check-of-this-test": "x" }).warnings.length;
  assert.is(warned(), 1);
  registerAnnotations(["check-of-this-test"]);
  assert.is(warned(), 0);
});

s("workloads that ask for the same share one frozen object", () => {
  const settings = settingsOf({ policy: "major" });
  assert.is(settingsOf({ policy: "major" }), settings);
  assert.is(settingsOf({ policy: "major", "update-history": "[1]", other: "x" }), settings);
  assert.is.not(settingsOf({ policy: "major", "event-source": "both" }), settings);
  assert.is.not(settingsOf({ policy: "major", soak: "1" }), settings);
  const { policy, images, verification } = settings;
  for (const part of [settings, policy, images, verification]) assert.ok(Object.isFrozen(part));
});

s("images are let in by the last parts of their names, or by the whole", () => {
  const rows: [wanted: string, image: string, boolean][] = [
    ["", "anything:1", true],
    ["nginx", "nginx:1.27", true],
    ["nginx", "docker.io/library/nginx@sha256:" + "a".repeat(64), true],
    ["nginx", "quay.io/bitnami/nginx", true],
    ["nginx", "my-nginx", false],
    ["nginx", "nginx/exporter", false],
    ["library/nginx", "nginx", true],
    ["bitnami/nginx", "quay.io/bitnami/nginx:1", true],
    ["bitnami/nginx", "nginx", false],
    ["quay.io/bitnami/nginx", "quay.io/bitnami/nginx:1", true],
    ["quay.io/bitnami/nginx", "bitnami/nginx", false],
    ["reg.example:5000/app", "reg.example:5000/app:2", true],
    ["reg.example/app", "reg.example:5000/app", false],
    ["redis,app", "reg.example/team/app", true],
    ["redis", "NOT AN IMAGE", false],
  ];
  for (const [images, image, expected] of rows) {
    assert.is(includesImage(settingsOf({ images }), image), expected, `${images} ${image}`);
  }
});

s("every annotation has its sentence, and none is in two lists", () => {
  const read = [...Object.entries(UPDATE_ANNOTATIONS.shape), ...Object.entries(VERIFICATION_ANNOTATIONS.shape)];
  for (const [name, { description }] of read) assert.match(description ?? "", /^[A-Z]/, name);
  const texts = [...Object.entries(ASKING_ANNOTATIONS), ...Object.entries(WRITTEN_ANNOTATIONS)];
  for (const [name, description] of texts) assert.match(description, /^[A-Z]/, name);
  const all = [...read.map(([name]) => name), ...texts.map(([name]) => name)];
  assert.is(new Set(all).size, all.length);
});

s("whatever is written, it is read or told by its name", () => {
  const ours = [...Object.keys(UPDATE_ANNOTATIONS.shape), ...Object.keys(VERIFICATION_ANNOTATIONS.shape)];
  const name = fc.oneof(fc.constantFrom(...ours), fc.string());
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: "binary" })), (annotations) => {
      const result = read(annotations);
      for (const { annotation } of result.warnings) assert.ok(annotation.startsWith(PREFIX));
      if (result.ok) return;
      assert.ok(result.mistakes.length > 0);
      for (const { annotation } of result.mistakes) assert.ok(annotation.startsWith(PREFIX));
    }),
    { numRuns: 200 },
  );
});

s.run();
