import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compareLink } from "../../../core/read_model/compare_link.ts";

const s = suite("read model, the link that compares two images");

const [a, b] = ["1234567890abcdef1234567890abcdef12345678", "abcdef1234567890abcdef1234567890abcdef12"];
const link = (source: string, other = source, from: string | undefined = a, to: string | undefined = b) =>
  compareLink({ source, ...(from ? { revision: from } : {}) }, { source: other, ...(to ? { revision: to } : {}) });

s("is as the host of the repository has it", () => {
  for (
    const [source, url] of [
      ["https://github.com/team/web", `https://github.com/team/web/compare/${a}...${b}`],
      ["https://github.com/team/web.git", `https://github.com/team/web/compare/${a}...${b}`],
      ["https://github.com/team/web/tree/main/app", `https://github.com/team/web/compare/${a}...${b}`],
      ["git+https://codeberg.org/team/web/", `https://codeberg.org/team/web/compare/${a}...${b}`],
      ["https://gitlab.com/group/sub/web", `https://gitlab.com/group/sub/web/-/compare/${a}...${b}`],
      [
        "https://gitlab.example.com/group/web/-/tree/main",
        `https://gitlab.example.com/group/web/-/compare/${a}...${b}`,
      ],
      ["https://bitbucket.org/team/web", `https://bitbucket.org/team/web/branches/compare/${b}..${a}`],
    ] as const
  ) assert.equal(link(source), { url, text: "1234567890 … abcdef1234" }, source);
});

s("revisions may be tags", () => {
  assert.is(link("https://github.com/team/web", undefined, "v1.2.0", "v1.3.0")?.text, "v1.2.0 … v1.3.0");
});

s("there is none to what is no repository of the web, or not one and the same", () => {
  const good = "https://github.com/team/web";
  for (
    const source of [
      "",
      "team/web",
      "http://github.com/team/web",
      "https://github.com",
      "https://github.com/team",
      "https://ann:pw@github.com/team/web",
      "javascript:alert(1)//a/b",
      "data:text/html,<b>",
      "git@github.com:team/web.git",
      "https://[",
    ]
  ) assert.is(link(source), undefined, source);
  assert.is(link(good, "https://github.com/team/other"), undefined);
  for (const revision of ["", "a b", "../../x", "-x", "<b>", "x".repeat(200)]) {
    assert.is(compareLink({ source: good, revision }, { source: good, revision: b }), undefined, revision);
  }
  assert.is(link(good, good, a, a), undefined, "of one revision");
  assert.is(compareLink({ source: good }, { source: good, revision: b }), undefined);
});

s.run();
