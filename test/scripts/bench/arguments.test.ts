import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseArguments } from "../../../scripts/bench/arguments.ts";

const s = suite("arguments of the benchmark");

s("none: two sizes, the poll, the index, the tags, Lighthouse, the pages and what is live", () => {
  const standard = {
    workloads: [1000, 10_000],
    samples: 200,
    burst: 500,
    poll: true,
    oneImage: 10_000,
    registry: true,
    index: true,
    tags: true,
    lighthouse: true,
    pages: true,
    live: true,
    save: false,
    help: false,
  };
  assert.equal(parseArguments([]), standard);
  assert.equal(parseArguments(["--save"]), { ...standard, save: true });
});

s("sizes are sorted, each once", () => {
  assert.equal(parseArguments(["--workloads", "10000, 1000,10000"]).workloads, [1000, 10_000]);
});

s("all of them", () => {
  const args = [
    "--workloads=50",
    "--samples=5",
    "--burst=50",
    "--no-poll",
    "--one-image=0",
    "--no-registry",
    "--no-index",
    "--no-tags",
    "--no-lighthouse",
    "--no-pages",
    "--no-live",
    "--json=a.json",
    "--profile=p",
  ];
  assert.equal(parseArguments(args), {
    workloads: [50],
    samples: 5,
    burst: 50,
    poll: false,
    oneImage: 0,
    registry: false,
    index: false,
    tags: false,
    lighthouse: false,
    pages: false,
    live: false,
    save: false,
    json: "a.json",
    profile: "p",
    help: false,
  });
});

s("the index alone, or the tags, or Lighthouse, or the pages, or what is live", () => {
  for (const part of ["index", "tags", "lighthouse", "pages", "live"] as const) {
    const { index, tags, lighthouse, pages, live } = parseArguments([`--only-${part}`]);
    const none = { index: false, tags: false, lighthouse: false, pages: false, live: false };
    assert.equal({ index, tags, lighthouse, pages, live }, { ...none, [part]: "only" });
  }
});

for (
  const [args, message] of [
    [["--workloads", "many"], /--workloads: "many" is not a whole number above 0/],
    [["--workloads", "1000,"], /--workloads: ""/],
    [["--samples", "0"], /--samples: "0"/],
    [["--burst", "1.5"], /--burst: "1.5"/],
    [["--burst", "500", "--workloads", "100"], /more than the 100 workloads/],
    [["--save", "--profile", "p"], /--save: .* --profile/],
    [["--save", "--only-index"], /--save: .* --only-index/],
    [["--save", "--only-tags"], /--save: .* --only-tags/],
    [["--save", "--only-pages"], /--save: .* --only-pages/],
    [["--no-index", "--only-index"], /nothing to measure/],
    [["--no-tags", "--only-tags"], /nothing to measure/],
    [["--only-index", "--only-tags"], /nothing to measure/],
    [["--only-lighthouse", "--only-tags"], /nothing to measure/],
    [["--fast"], /--fast/],
    [["again"], /again/],
  ] as const
) {
  s(`refused: ${args.join(" ")}`, () => {
    assert.throws(() => parseArguments([...args]), (error: Error) => message.test(error.message));
  });
}

s.run();
