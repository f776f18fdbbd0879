import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import {
  InvalidReference,
  isDigest,
  isTag,
  parseReference,
  parseRepository,
  repositoryName,
  withVersion,
} from "../../../core/versions/reference.ts";

// The cases are those of the published grammar: reference_test.go, regexp_test.go and normalize_test.go of
// https://github.com/distribution/reference, as its ParseNormalizedNamed answers them.

const s = suite("image reference");
const SHA256 = `sha256:${"f".repeat(64)}`;
const SHA512 = `sha512:${"f".repeat(128)}`;
const isInvalid = (error: Error) => error instanceof InvalidReference;
const HEX = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";

/** text, registry, repository, tag, digest */
const good: [string, string, string, string?, string?][] = [
  ["test_com", "docker.io", "library/test_com"],
  ["test.com:tag", "docker.io", "library/test.com", "tag"],
  ["test.com:5000", "docker.io", "library/test.com", "5000"],
  ["test.com/repo:tag", "test.com", "repo", "tag"],
  ["test:5000/repo", "test:5000", "repo"],
  ["test:5000/repo:tag", "test:5000", "repo", "tag"],
  [`test:5000/repo@${SHA256}`, "test:5000", "repo", undefined, SHA256],
  [`test:5000/repo:tag@${SHA256}`, "test:5000", "repo", "tag", SHA256],
  ["lowercase:Uppercase", "docker.io", "library/lowercase", "Uppercase"],
  ["Uppercase/lowercase:tag", "Uppercase", "lowercase", "tag"],
  [`${"a/".repeat(127)}a:tag-puts-this-over-max`, "docker.io", `${"a/".repeat(127)}a`, "tag-puts-this-over-max"],
  ["sub-dom1.foo.com/bar/baz/quux:some-long-tag", "sub-dom1.foo.com", "bar/baz/quux", "some-long-tag"],
  ["b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io", "test.example.com/my-app", "test.example.com"],
  ["xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com", "myimage", "xn--n3h.com"],
  [`xn--7o8h.com/myimage:xn--7o8h.com@${SHA512}`, "xn--7o8h.com", "myimage", "xn--7o8h.com", SHA512],
  ["foo_bar.com:8080", "docker.io", "library/foo_bar.com", "8080"],
  ["foo/foo_bar.com:8080", "docker.io", "foo/foo_bar.com", "8080"],
  ["192.168.1.1", "docker.io", "library/192.168.1.1"],
  ["192.168.1.1:5000", "docker.io", "library/192.168.1.1", "5000"],
  ["192.168.1.1/repo", "192.168.1.1", "repo"],
  ["192.168.1.1:5000/repo", "192.168.1.1:5000", "repo"],
  ["192.168.1.1:5000/repo:5050", "192.168.1.1:5000", "repo", "5050"],
  ["[2001:db8::1]/repo", "[2001:db8::1]", "repo"],
  ["[2001:db8:1:2:3:4:5:6]/repo:tag", "[2001:db8:1:2:3:4:5:6]", "repo", "tag"],
  ["[2001:db8::1]:5000/repo", "[2001:db8::1]:5000", "repo"],
  [`[2001:db8::1]:5000/repo:tag@${SHA256}`, "[2001:db8::1]:5000", "repo", "tag", SHA256],
  ["[::1]:5000/repo", "[::1]:5000", "repo"],
  ["[fc00::1]:5000/docker/docker", "[fc00::1]:5000", "docker/docker"],
  // normalisation
  ["docker/docker", "docker.io", "docker/docker"],
  ["library/debian", "docker.io", "library/debian"],
  ["debian", "docker.io", "library/debian"],
  ["docker.io/docker/docker", "docker.io", "docker/docker"],
  ["docker.io/debian", "docker.io", "library/debian"],
  ["index.docker.io/docker/docker", "docker.io", "docker/docker"],
  ["index.docker.io/library/debian", "docker.io", "library/debian"],
  ["index.docker.io/debian", "docker.io", "library/debian"],
  ["127.0.0.1:5000/docker/docker", "127.0.0.1:5000", "docker/docker"],
  ["127.0.0.1:5000/debian", "127.0.0.1:5000", "debian"],
  ["192.168.0.1:8/debian", "192.168.0.1:8", "debian"],
  ["localhost/foo", "localhost", "foo"],
  ["localhost:8080/name", "localhost:8080", "name"],
  ["test_com/foo", "docker.io", "test_com/foo"],
  ["docker.io/library/foo/bar", "docker.io", "library/foo/bar"],
  ["library/foo/bar", "docker.io", "library/foo/bar"],
  ["Foo/bar", "Foo", "bar"],
  ["DOCKER/docker", "DOCKER", "docker"],
  [`docker.io/${HEX}`, "docker.io", `library/${HEX}`],
  [HEX.slice(1), "docker.io", `library/${HEX.slice(1)}`],
  ["dbcc1", "docker.io", "library/dbcc1"],
  [
    "thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev",
    "docker.io",
    "library/thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev",
  ],
  ["docker---rules/docker", "docker.io", "docker---rules/docker"],
  ["dock__er/docker", "docker.io", "dock__er/docker"],
  ["example.com/some_separator__underscore/myimage", "example.com", "some_separator__underscore/myimage"],
  [
    "registry.io/foo/project--id.module--name.ver---sion--name",
    "registry.io",
    "foo/project--id.module--name.ver---sion--name",
  ],
  [`localhost:8080@${SHA256}`, "docker.io", "library/localhost", "8080", SHA256],
  [`localhost@${SHA256}`, "docker.io", "library/localhost", undefined, SHA256],
  [`busybox:latest@${SHA256}`, "docker.io", "library/busybox", "latest", SHA256],
];

for (const [text, registry, repository, tag, digest] of good) {
  s(`reads ${text.slice(0, 60)}`, () => {
    const expected = { registry, repository, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
    assert.equal(parseReference(text), expected);
  });
}

/** text, and what the sentence is about */
const bad: [string, RegExp][] = [
  ["", /no name/],
  [":justtag", /no name/],
  [`@${SHA256}`, /no name/],
  [`repo@sha256:${"f".repeat(34)}`, /64 digits, not 34/],
  [`repo@sha256:${"F".repeat(64)}`, /lower case/],
  [`validname@invaliddigest:${"f".repeat(64)}`, /invaliddigest is not known/],
  [`validname@constructor:${"f".repeat(64)}`, /constructor is not known/],
  ["registry.com:8080/myapp@sha256:badbadbadbad", /no digest/],
  ["registry.com:8080/myapp@bad", /no digest/],
  [`repo@${SHA256}@${SHA256}`, /no digest/],
  ["registry.com:8080/myapp:invalid~tag", /"invalid~tag" is no tag/],
  ["busybox:-foo", /"-foo" is no tag/],
  ["busybox:", /"" is no tag/],
  [`busybox:${"a".repeat(129)}`, /no tag/],
  ["busybox:tag\n", /no tag/],
  ["Uppercase:tag", /lower case/],
  ["test:5000/Uppercase/lowercase:tag", /"Uppercase" must be in lower case/],
  ["docker/Docker", /lower case/],
  ["Foo/FarB", /lower case/],
  [`${"a/".repeat(128)}a:tag`, /more than 255/],
  [`${"this_is_not_a_valid_namespace_because_it_is_too_long_".repeat(6)}a/docker`, /more than 255/],
  ["a".repeat(2000), /too long/],
  ["aa/asdf$$^/aa", /no part of a repository/],
  ["[2001:db8::1]", /no part of a repository/],
  ["[2001:db8::1]:5000", /no part of a repository/],
  ["[fe80::1%eth0]:5000/repo", /no registry host/],
  ["[fe80::1%@invalidzone]:5000/repo", /no part/],
  ["[2001:db8:3:4::192.0.2.33]:5000/debian", /no registry host/],
  ["[fd00:1:2::3]75050/debian", /no registry host/],
  ["fc00::1:5000/debian", /no registry host/],
  ["https://github.com/docker/docker", /no registry host/],
  ["foo.com:http/bar", /no registry host/],
  ["bad_hostname.com:8080/myapp:tag", /no registry host/],
  ["do__cker:8080/docker", /no registry host/],
  ["-ab.com/a", /no registry host/],
  ["ab-.com/a", /no registry host/],
  ["docker./docker", /no registry host/],
  [".docker/docker", /no registry host/],
  ["-docker.io/docker/docker", /no registry host/],
  ["-docker", /no part/],
  ["docker-/docker", /no part/],
  ["____/____", /no part/],
  ["_docker/_docker", /no part/],
  ["foo/bar-", /no part/],
  ["example.com/__underscore/myimage", /no part/],
  ["example.com/.dots/myimage", /no part/],
  ["example.com/nodouble..dots/myimage", /no part/],
  ["docker///docker", /empty/],
  ["docker/", /empty/],
  ["foo.com/", /empty|no part/],
  ["/docker", /empty/],
  ["a//a/a", /empty/],
  [HEX, /identifier/],
  ["nginx:1.25 ", /no tag/],
  [" nginx", /no part/],
];

for (const [text, why] of bad) {
  s(`refuses ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.throws(
      () => parseReference(text),
      (error: Error) => error instanceof InvalidReference && why.test(error.message),
    );
  });
}

s("a repository has one name, however it is written", () => {
  for (
    const text of ["nginx", "nginx:1.25", "library/nginx", "docker.io/nginx", `index.docker.io/library/nginx@${SHA256}`]
  ) assert.is(repositoryName(parseReference(text)), "docker.io/library/nginx");
  assert.is(parseRepository("reg.example:5000/team/web"), "reg.example:5000/team/web");
  assert.is(parseRepository("nginx"), "docker.io/library/nginx");
  assert.throws(() => parseRepository("nginx:1.25"), /has a tag/);
  assert.throws(() => parseRepository("localhost:5000"), /has a tag/);
  assert.throws(() => parseRepository(`nginx@${SHA256}`), /has a digest/);
});

s("another version leaves the name as a person wrote it", () => {
  const rows: [string, { tag: string; digest?: string }, string][] = [
    ["nginx:1.25", { tag: "1.26" }, "nginx:1.26"],
    ["nginx", { tag: "1.26" }, "nginx:1.26"],
    ["docker.io/nginx:1.25", { tag: "1.26", digest: SHA256 }, `docker.io/nginx:1.26@${SHA256}`],
    [`nginx:1.25@${SHA256}`, { tag: "1.26" }, "nginx:1.26"],
    [`nginx@${SHA256}`, { tag: "1.26", digest: SHA512 }, `nginx:1.26@${SHA512}`],
    ["localhost:5000/web", { tag: "2" }, "localhost:5000/web:2"],
    ["[::1]:5000/a/web:1", { tag: "2" }, "[::1]:5000/a/web:2"],
  ];
  for (const [image, version, expected] of rows) assert.is(withVersion(image, version), expected);
  assert.throws(() => withVersion("Nginx:1", { tag: "2" }), isInvalid);
  assert.throws(() => withVersion("nginx:1", { tag: "2@x" }), isInvalid);
  assert.throws(() => withVersion("nginx:1", { tag: "a/b" }), isInvalid);
  assert.throws(() => withVersion("nginx:1", { tag: "" }), isInvalid);
  assert.throws(() => withVersion("nginx:1", { tag: "2", digest: "sha256:0" }), isInvalid);
});

s("tags and digests", () => {
  for (const tag of ["1", "_", "a".repeat(128), "1.2-3_4", "Latest"]) assert.ok(isTag(tag), tag);
  for (const tag of ["", "-a", ".a", "a+b", "a b", "a/b", "ä", "a\n", "a".repeat(129)]) assert.not(isTag(tag), tag);
  assert.ok(isDigest(SHA256) && isDigest(SHA512) && isDigest(`sha384:${"0".repeat(96)}`));
  for (const digest of ["", "sha256:", SHA256.slice(0, -1), `${SHA256}0`, `md5:${"0".repeat(32)}`, "f".repeat(64)]) {
    assert.not(isDigest(digest), digest);
  }
});

s("any text is read or refused, and what was read reads the same again in full", () => {
  const piece = fc.constantFrom(
    "a",
    "A",
    "1",
    "/",
    ":",
    "@",
    ".",
    "_",
    "-",
    "[",
    "]",
    "localhost",
    "docker.io",
    SHA256,
    "é",
    "\n",
  );
  const text = fc.oneof(fc.string(), fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")));
  fc.assert(fc.property(text, (image) => {
    let reference;
    try {
      reference = parseReference(image);
    } catch (error) {
      assert.instance(error, InvalidReference);
      return;
    }
    const { tag, digest } = reference;
    const full = `${repositoryName(reference)}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
    assert.equal(parseReference(full), reference);
    assert.equal(parseReference(withVersion(image, { tag: "9" })), {
      registry: reference.registry,
      repository: reference.repository,
      tag: "9",
    });
  }));
});

s.run();
