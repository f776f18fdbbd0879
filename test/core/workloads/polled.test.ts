import { suite } from "uvu";
import * as assert from "uvu/assert";
import { growthByFour } from "../../support/growth.ts";
import { polledArtifacts } from "../../../core/workloads/event_sources.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";

const s = suite("what there is to poll");
const digest = `sha256:${"0".repeat(64)}`;
const polling = { "event-source": "polling" };

/** `repository interval`, with `tags` and the followed tags. */
function told(...workloads: WorkloadChanges[]): string[] {
  const named = workloads.map((changes, index) =>
    workloadOf({ name: `w${index}`, images: { app: "app:1.0.0" }, ...changes })
  );
  return polledArtifacts(named).map(({ artifact, interval, wantsTags, followedTags }) =>
    [artifact.repository.replace("docker.io/library/", ""), interval, ...(wantsTags ? ["tags"] : []), ...followedTags]
      .join(" ")
  );
}

const rows: [string, WorkloadChanges[], string[]][] = [
  ["nothing is polled for webhooks alone", [{}, { annotations: { "event-source": "none" } }], []],
  ["polling and both are polled", [{ annotations: polling }], ["app 300 tags"]],
  ["both is polled", [{ annotations: { "event-source": "both" } }], ["app 300 tags"]],
  ["policy none is not", [{ annotations: { ...polling, policy: "none" } }], []],
  ["what cannot be read is not", [{ annotations: { ...polling, policy: "nonsense" } }], []],
  ["an image that is no reference is not", [{ annotations: polling, images: { app: "App:1" } }], []],
  [
    "one entry for a repository and interval, however many use it and however they write it",
    [
      { annotations: polling, images: { app: "app:1.0.0", second: "docker.io/library/app:2.0.0" } },
      { annotations: { ...polling, policy: "all" }, images: { app: "index.docker.io/app:1.0.0" } },
      { annotations: polling, images: {}, initImages: { init: "app:1.0.0" } },
    ],
    ["app 300 tags"],
  ],
  [
    "one for each interval",
    [
      { annotations: { ...polling, "polling-interval": "60" } },
      { annotations: { ...polling, "polling-interval": "1m" } },
      { annotations: { ...polling, "polling-interval": "1h" } },
      { annotations: polling },
    ],
    ["app 60 tags", "app 3600 tags", "app 300 tags"],
  ],
  [
    "only the images that the workload names",
    [{ annotations: { ...polling, images: "app" }, images: { app: "app:1", proxy: "proxy:1" } }],
    ["app 300 tags"],
  ],
  [
    "force follows tags, each once, and wants no list",
    [
      { annotations: { ...polling, policy: "force" }, images: { a: "app:main", b: "app:edge" } },
      { annotations: { ...polling, policy: "force" }, images: { a: `app:main@${digest}` } },
    ],
    ["app 300 main edge"],
  ],
  [
    "force follows latest where no tag is written",
    [{ annotations: { ...polling, policy: "force" }, images: { a: "app" } }],
    ["app 300 latest"],
  ],
  [
    "force follows nothing where only a digest is written",
    [{ annotations: { ...polling, policy: "force" }, images: { a: `app@${digest}` } }],
    [],
  ],
  [
    "a list and followed tags together",
    [{ annotations: polling }, { annotations: { ...polling, policy: "force" }, images: { a: "app:main" } }],
    ["app 300 tags main"],
  ],
];
for (const [what, workloads, wanted] of rows) s(what, () => assert.equal(told(...workloads), wanted));

s("tens of thousands of followed tags of one repository cost little, which a tenant may write", () => {
  const grown = growthByFour(150, (count) => {
    const many = Array.from({ length: count }, (_, at) => {
      const images = Object.fromEntries(Array.from({ length: 100 }, (_, of) => [`c${of}`, `app:v${at}-${of}`]));
      return workloadOf({ name: `w${at}`, annotations: { ...polling, policy: "force" }, images });
    });
    return () => assert.is(polledArtifacts(many)[0]!.followedTags.length, 100 * count);
  });
  assert.ok(grown < 8, `four times as many cost ${grown} times as much`);
});

s.run();
