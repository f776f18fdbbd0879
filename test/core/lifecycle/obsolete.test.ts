// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { obsoleteStatus } from "../../../core/lifecycle/obsolete.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("whether a request is still wanted");
const sentence = sentencesOf(s, import.meta.url);

interface Given {
  request?: RequestChanges;
  runs?: string;
  annotations?: Record<string, string>;
  /** An image that is held. */
  held?: string;
}

const approved: RequestChanges = { decision: { approved: true, by: "ann" } };
const byHand: RequestChanges = { sighting: undefined };
const digest = (letter: string) => `app:latest@sha256:${letter.repeat(64)}`;
const cases: Record<string, [given: Given, is?: string]> = {
  "nothing has changed": [{}],
  "moved up, but not beyond": [{ runs: "app:1.0.5" }],
  "moved up beyond": [{ runs: "app:1.2.0" }, "Superseded Newer"],
  "moved up beyond, though it was approved": [{ runs: "app:1.2.0", request: approved }, "Superseded Newer"],
  "lower from the beginning": [{ request: { newImage: "app:0.9.0" } }, "Failed Downgrade"],
  "lower, and approved": [{ request: { ...approved, newImage: "app:0.9.0" } }, "Failed Downgrade"],
  "moved back": [{ runs: "app:0.9.0" }, "Superseded MovedBack"],
  "moved back, though it was approved": [{ runs: "app:0.9.0", request: approved }, "Superseded MovedBack"],
  "moved back from what is held now": [{ runs: "app:0.9.0", held: "app:1.0.0" }],
  "moved back, and something else is held": [{ runs: "app:0.9.0", held: "app:0.9.5" }, "Superseded MovedBack"],
  "moved to another repository": [{ runs: "other/app:1.0.0" }, "Superseded Moved"],
  "written by hand, and nothing has changed": [{ request: byHand }],
  "written by hand, and moved": [{ request: byHand, runs: "app:1.0.5" }, "Superseded Moved"],
  "written by hand, for another repository": [{ request: { ...byHand, newImage: "other/app:9" } }],
  "the policy was taken back": [{ annotations: { policy: "none" } }, "Superseded PolicyRefuses"],
  "the policy is narrower now": [{ annotations: { policy: "patch" } }, "Superseded PolicyRefuses"],
  "the policy was taken back after a person approved": [
    { annotations: { policy: "none" }, request: approved },
    "Superseded PolicyRefuses",
  ],
  "the policy was taken back, and it is written by hand": [{ annotations: { policy: "none" }, request: byHand }],
  "its image is let in": [{ annotations: { images: "proxy, app" } }],
  "its image is left out": [{ annotations: { images: "proxy" } }, "Superseded ImageLeftOut"],
  "its image was left out after a person approved": [
    { annotations: { images: "proxy" }, request: approved },
    "Superseded ImageLeftOut",
  ],
  "its image is left out, and it is written by hand": [{ annotations: { images: "proxy" }, request: byHand }],
  "nothing brings versions any more": [{ annotations: { "event-source": "none" } }, "Superseded EventSourceRefuses"],
  "nothing brings versions any more, and it is written by hand": [
    { annotations: { "event-source": "none" }, request: byHand },
  ],
  "a webhook brought it, and polls do now": [
    { annotations: { "event-source": "polling" } },
    "Superseded EventSourceRefuses",
  ],
  "a webhook brought it, and both do now": [{ annotations: { "event-source": "both" } }],
  "a poll brought it, and both do": [{ annotations: { "event-source": "both" }, request: { via: "polling" } }],
  "a poll brought it, and webhooks do now": [
    { annotations: { "event-source": "webhook" }, request: { via: "polling" } },
    "Superseded EventSourceRefuses",
  ],
  "the policy cannot be read": [{ annotations: { policy: "newest" } }],
  "a digest of the tag that is followed": [
    {
      runs: digest("a"),
      request: { currentImage: digest("a"), newImage: digest("b") },
      annotations: { policy: "force" },
    },
  ],
  "a digest of another tag than runs now": [
    {
      runs: "app:stable",
      request: { currentImage: digest("a"), newImage: digest("b") },
      annotations: { policy: "force" },
    },
    "Superseded PolicyRefuses",
  ],
};
for (const [what, [{ request, runs, annotations, held }, is = "wanted"]] of Object.entries(cases)) {
  s(`${what}: ${is}`, () => {
    const settings = { policy: "major", ...annotations };
    const workload = workloadOf({ ...(runs ? { image: runs } : {}), annotations: settings });
    const holds = held
      ? [{ container: "app", image: held, at: "2026-01-01T00:00:00Z", by: "ann", reason: "slow" }]
      : [];
    const statusUpdate = obsoleteStatus(requestOf(request), workload, [workload.slots[0]!], holds);
    assert.is(statusUpdate ? `${statusUpdate.phase} ${statusUpdate.reason}` : "wanted", is);
    if (statusUpdate) sentence(what, statusUpdate.message);
  });
}

s("a workload without annotations wants nothing any more", () => {
  const workload = { ...workloadOf(), settings: undefined };
  assert.is(obsoleteStatus(requestOf(), workload, [workload.slots[0]!])?.reason, "Unmanaged");
  assert.is(obsoleteStatus(requestOf(approved), workload, [workload.slots[0]!])?.reason, "Unmanaged");
  assert.is(obsoleteStatus(requestOf(byHand), workload, [workload.slots[0]!]), undefined);
});

s.run();
