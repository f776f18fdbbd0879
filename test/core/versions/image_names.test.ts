// runs on: deno, node
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isImageName, matchesName } from "../../../core/versions/image_names.ts";
import { parseReference, repositoryName } from "../../../core/versions/reference.ts";

const s = suite("images that are named");

const rows: [names: string[], image: string, isOne: boolean][] = [
  [["nginx"], "nginx:1.27", true],
  [["nginx"], "reg.example/team/nginx", true],
  [["team/nginx"], "reg.example/team/nginx", true],
  [["library/nginx"], "nginx", true],
  [["docker.io/library/nginx"], "nginx", true],
  [["index.docker.io/nginx"], "nginx", true],
  [["reg.example/team/nginx"], "reg.example/team/nginx@sha256:" + "0".repeat(64), true],
  [["docker.io/nginx"], "reg.example/docker.io/library/nginx", false],
  [["ginx"], "nginx", false],
  [["nginx"], "nginx/other", false],
  [["team"], "reg.example/team/nginx", false],
  [["other", "nginx"], "nginx", true],
  [["nginx"], "NGINX", false],
  [[], "nginx", false],
];
for (const [names, image, isOne] of rows) {
  s(`${image} is ${isOne ? "" : "not "}one of [${names}]`, () => assert.is(matchesName(names, image), isOne));
}

s("a name is the whole of an image's, however it is written, or its last parts", () => {
  const part = fc.constantFrom("docker.io", "index.docker.io", "library", "nginx", "team", "reg.example:5000");
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"))
    .filter(isImageName);
  const canonical = (text: string) => repositoryName(parseReference(text));
  const isOne = (wanted: string, image: string) =>
    image === wanted || image.endsWith(`/${wanted}`) || image === canonical(wanted);
  fc.assert(fc.property(fc.array(name, { maxLength: 3 }), name, (names, image) => {
    assert.is(matchesName(names, image), names.some((wanted) => isOne(wanted, canonical(image))));
  }));
});

s("a list is read once, however many images it is asked of", () => {
  let reads = 0;
  const names = new Proxy(Array.from({ length: 100 }, (_, index) => `reg.example/team/other-${index}`), {
    get(list, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) reads++;
      return Reflect.get(list, key);
    },
  });
  for (let index = 0; index < 1000; index++) assert.not(matchesName(names, `reg.example/team/app-${index}:1.0.0`));
  assert.ok(reads < 1000, `${reads} reads`);
});

s.run();
