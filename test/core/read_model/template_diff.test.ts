import { suite } from "uvu";
import * as assert from "uvu/assert";
import { releaseOf } from "../../support/build/helm_release.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { templateDiff } from "../../../core/read_model/template_diff.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("read model, what a request changes in a template");

const text = (request: UpdateRequest, workload?: Workload) =>
  templateDiff(request, workload).lines.map(({ kind, text }) =>
    ({ same: "  ", removed: "- ", added: "+ " })[kind] + text
  );

s("is the way to each version, and nothing beside it", () => {
  const workload = workloadOf({ images: { app: "app:1.0.0", sidecar: "other:1" } });
  assert.equal(text(requestOf(), workload), [
    "  spec:",
    "    template:",
    "      spec:",
    "        containers:",
    "          - name: app",
    "-           image: app:1.0.0",
    "+           image: app:1.1.0",
  ]);
});

s("containers that move together share what leads to them", () => {
  const workload = workloadOf({ images: { app: "app:1.0.0", worker: "app:1.0.0" } });
  assert.equal(text(requestOf({ containers: ["app", "worker"] }), workload).slice(3), [
    "        containers:",
    "          - name: app",
    "-           image: app:1.0.0",
    "+           image: app:1.1.0",
    "          - name: worker",
    "-           image: app:1.0.0",
    "+           image: app:1.1.0",
  ]);
});

s("of a chart it is the version, quoted where YAML would take it for a number", () => {
  const workload = releaseOf({ version: "6.3" });
  const request = requestOf({
    kind: "HelmRelease",
    apiVersion: workload.plugin.resource.group + "/v2",
    container: "chart",
    currentImage: "podinfo:6.3",
    newImage: "podinfo:6.4.0",
  });
  assert.equal(text(request, workload).slice(-2), ['-       version: "6.3"', "+       version: 6.4.0"]);
});

s("what runs now instead is said, and a workload that is not there", () => {
  const moved = templateDiff(requestOf(), workloadOf({ images: { app: "app:1.0.5" } }));
  assert.equal(moved.notes, ["app runs app:1.0.5 now"]);
  const done = templateDiff(requestOf({ phase: "Completed" }), workloadOf({ images: { app: "app:1.1.0" } }));
  assert.equal(done.notes, []);
  const gone = templateDiff(requestOf(), undefined);
  assert.equal(gone.lines.map(({ text }) => text), ["app:1.0.0", "app:1.1.0"]);
  assert.equal(gone.notes, ["Deployment web is not there, or Headwind may not read it"]);
  assert.equal(templateDiff(requestOf({ container: "old" }), workloadOf({})).notes, ["web has no old by now"]);
});

s.run();
