// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { groupOf } from "../../../core/workloads/slot_group.ts";
import { releaseOf } from "../../support/build/helm_release.ts";

const s = suite("images in the values of a HelmRelease");

const values = {
  image: { registry: "reg.example:5000", repository: "team/app", tag: "1.0.0", port: 8080, empty: "" },
  sidecars: [{ image: "nginx", tag: "1.27" }, { image: "redis", tag: "7" }],
  "my.app": { "img~/x": { name: "app", tag: "2" } },
  global: { repository: "ghcr.io/org/app", versions: { web: "1.2.3" } },
  tag: "9",
  name: "top",
};
const read = (annotation: string, given: Record<string, unknown> = values) => {
  const { slots, notes } = releaseOf({ values: given, annotations: { "values-images": annotation } });
  return {
    slots: slots.filter(({ type }) => type === "image"),
    notes: notes.map(({ type, reason, message }) => `${type} ${reason} ${message}`),
  };
};

/** annotation, then name, current and pointer of each */
const good: [string, [string, string, string][]][] = [
  ["image.repository:image.tag", [["values.image", "team/app:1.0.0", "/spec/values/image/tag"]]],
  [
    "image.registry/image.repository:image.tag",
    [["values.image", "reg.example:5000/team/app:1.0.0", "/spec/values/image/tag"]],
  ],
  [
    " sidecars[0].image:sidecars[0].tag , sidecars[1].image : sidecars[1].tag ,",
    [
      ["values.sidecars.0", "nginx:1.27", "/spec/values/sidecars/0/tag"],
      ["values.sidecars.1", "redis:7", "/spec/values/sidecars/1/tag"],
    ],
  ],
  ["sidecars.1.image:sidecars.1.tag", [["values.sidecars.1", "redis:7", "/spec/values/sidecars/1/tag"]]],
  ["global.repository:global.versions.web", [
    ["values.global.versions", "ghcr.io/org/app:1.2.3", "/spec/values/global/versions/web"],
  ]],
  ["name:tag", [["values.tag", "top:9", "/spec/values/tag"]]],
  ["", []],
  [" , ", []],
];
for (const [annotation, slots] of good) {
  s(`${JSON.stringify(annotation)} is followed`, () => {
    const reading = read(annotation);
    assert.equal(reading.slots.map(({ name, current, pointer }) => [name, current, pointer]), slots);
    assert.equal(reading.notes, []);
    for (const { prefix, current } of reading.slots) assert.ok(prefix.endsWith(":") && current.startsWith(prefix));
  });
}

s("a dot in a key is escaped, as for `helm --set`, and a pointer has its own escapes", () => {
  const odd = { "my.app": { "img~x": { name: "app", tag: "2" } } };
  const value = "my\\.app.img~x.name:my\\.app.img~x.tag";
  const { slots: [slot] } = read(value, odd);
  assert.is(slot?.pointer, "/spec/values/my.app/img~0x/tag");
  assert.equal(slot?.guards, [
    { pointer: "/metadata/annotations/headwind.sh~1values-images", value },
    { pointer: "/spec/values/my.app/img~0x/name", value: "app" },
  ]);
  assert.is(slot?.current, "app:2");
});

s("images of one repository at one version move together, as containers of a pod do", () => {
  const app = { repository: "team/app", tag: "1.0.0" };
  const given = { image: app, migrate: { image: app }, old: { image: { ...app, tag: "0.9.0" } } };
  const paths = ["image", "migrate.image", "old.image"].map((path) => `${path}.repository:${path}.tag`);
  const { slots } = read(paths.join(), given);
  assert.equal(groupOf(slots, slots[1]!).map(({ name }) => name), ["values.image", "values.migrate.image"]);
  assert.equal(groupOf(slots, slots[2]!).map(({ name }) => name), ["values.old.image"]);
});

/** annotation, what is said */
const bad: [string, RegExp][] = [
  ["image.repository", /"image.repository" is not of the form repository:tag/],
  ["image.repository:", /is not of the form/],
  [":image.tag", /is not of the form/],
  ["a/b/c:image.tag", /is not of the form/],
  ["a:b:c", /is not of the form/],
  ["image..repository:image.tag", /is not of the form/],
  [".image.repository:image.tag", /is not of the form/],
  ["image.repository:image.tag.", /is not of the form/],
  ["image.repo:image.tag", /spec.values has no text at image.repo:/],
  ["image.repository:image.port", /spec.values has no text at image.port:/],
  ["image.repository:image.empty", /spec.values has no text at image.empty:/],
  ["image.repository:image", /spec.values has no text at image:/],
  ["image.repository:sidecars[7].tag", /spec.values has no text at sidecars.7.tag:/],
  ["image.repository:image.__proto__.x", /has no text at image.__proto__.x:/],
  ["image.repository:sidecars.length", /has no text at sidecars.length:/],
];
for (const [annotation, message] of bad) {
  s(`${JSON.stringify(annotation)} is refused in a sentence`, () => {
    const { slots, notes } = read(annotation);
    assert.equal(slots, []);
    assert.is(notes.length, 1);
    assert.match(notes[0]!, /^Warning InvalidAnnotation headwind.sh\/values-images: /);
    assert.match(notes[0]!, message);
  });
}

s("a bad one keeps no good one from being followed", () => {
  const { slots, notes } = read("nonsense, image.repository:image.tag");
  assert.equal([slots.length, notes.length], [1, 1]);
});

s("what is named twice is followed once", () => {
  const { slots, notes } = read("image.repository:image.tag, image.registry/image.repository:image.tag");
  assert.equal(slots.map(({ current }) => current), ["team/app:1.0.0"]);
  assert.match(notes.join(), "values.image is named twice");
});

s("a name fits where names of containers go", () => {
  const deep = Array.from({ length: 12 }, (_, at) => `level${at}`);
  const given = deep.reduceRight<object>((inner, key) => ({ [key]: inner }), { repository: "app", tag: "1" });
  const path = deep.join(".");
  const [slot] = read(`${path}.repository:${path}.tag`, given as Record<string, unknown>).slots;
  assert.ok(slot!.name.length <= 63);
  assert.match(slot!.name, /level11$/);
});

s("without values all of it is refused, and without the annotation nothing is said", () => {
  const { notes, slots } = releaseOf({ annotations: { "values-images": "image.repository:image.tag" } });
  assert.equal([slots.length, notes.length], [1, 1]);
  assert.equal(releaseOf({ values }).slots.length, 1);
});

s("by chartRef they are not followed, which is said", () => {
  const oci = { ref: { tag: "6.3.0" } };
  const { slots, notes } = releaseOf({ oci, values, annotations: { "values-images": "image.repository:image.tag" } });
  assert.equal(slots.map(({ name }) => name), ["chart"]);
  assert.match(notes.map(({ message }) => message).join(), "is not followed where the chart comes by chartRef");
});

s("only those texts are kept that the annotation names", () => {
  const annotation =
    "image.registry/image.repository:image.tag, sidecars[1].image:sidecars[1].tag, nonsense, my\\.app.a:tag, __proto__.a:b";
  const keep = (annotation: string | undefined, values: unknown) => {
    const annotations = annotation === undefined ? {} : { "headwind.sh/values-images": annotation };
    return (helmrelease.keep!({ metadata: { annotations }, spec: { values } }) as { spec: { values?: object } }).spec
      .values;
  };
  assert.equal(keep(annotation, values), {
    image: { registry: "reg.example:5000", repository: "team/app", tag: "1.0.0" },
    sidecars: { 1: { image: "redis", tag: "7" } },
    tag: "9",
  });
  assert.is(keep(undefined, values), undefined);
  assert.is(keep("a:b", values), undefined);
  const long = { image: { repository: "x".repeat(250_000), tag: "1.0.0", other: ["y".repeat(250_000)] } };
  assert.equal(keep("image.repository:image.tag", long), { image: { tag: "1.0.0" } });
});

s("what is kept of the values makes the same slots", () => {
  const part = fc.constantFrom("a", "b", "0", "1", "__proto__", "toString", "length");
  const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
  const entry = fc.tuple(path, path).map(([repository, tag]) => `${repository}:${tag}`);
  const key = fc.constantFrom("a", "b", "0", "__proto__");
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>("app", "1.0.0", "", 7, null),
      fc.array(tie("tree"), { maxLength: 2 }),
      fc.dictionary(key, tie("tree"), { noNullPrototype: true, maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), tree, (entries, values) => {
      const metadata = { namespace: "shop", name: "web", annotations: { "headwind.sh/values-images": entries.join() } };
      const whole = { metadata, spec: { values: JSON.parse(JSON.stringify(values)) } };
      const find = () => ({ missing: true as const });
      assert.equal(
        helmrelease.slots!({ ...helmrelease.keep!(whole), metadata }, find).slots,
        helmrelease.slots!(whole, find).slots,
      );
    }),
    { seed: 11, numRuns: 2000 },
  );
});

s("fifty images are followed, and of the rest it is told", () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`i${index}`, { n: "app", t: "1" }]));
  const annotation = Object.keys(many).map((name) => `${name}.n:${name}.t`).join();
  const { slots, notes } = read(annotation, many);
  assert.is(slots.length, 50);
  assert.equal(notes, [
    "Warning InvalidAnnotation headwind.sh/values-images: 60 are named, of which the first 50 are followed",
  ]);
});

s.run();
