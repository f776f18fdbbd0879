import * as assert from "uvu/assert";
import { holdsOf } from "../../../core/ui.ts";
import { suite } from "uvu";
import { listed } from "../../../ui/kubectl/commands/list.ts";
import { plain } from "../../../ui/kubectl/print.ts";
import { heldNow, told } from "../../../ui/kubectl/commands/history.ts";
import { ago, holdOf, now, requestOf, workloadOf } from "./objects.ts";

const s = suite("lists of requests and of changes");
const look = { wide: false, paint: plain, now };

s("requests", () => {
  const requests = [
    requestOf("1.1.0"),
    requestOf("2.0.0", { phase: "Held", reason: "VersionHeld", message: "is held" }),
  ];
  assert.equal(listed(requests, false, look).split("\n"), [
    "NAME            WORKLOAD         CONTAINER   FROM    TO      PHASE     REASON        AGE",
    "web-app-1.1.0   deployment/web   app         1.0.0   1.1.0   Pending                 1m30s",
    "web-app-2.0.0   deployment/web   app         1.0.0   2.0.0   Held      VersionHeld   1m30s",
  ]);
  const [head, , last] = listed(requests, true, { ...look, wide: true }).split("\n");
  assert.match(head!, /^NAMESPACE +NAME .* AGE +POLICY +DECIDED BY +MESSAGE$/);
  assert.match(last!, /^shop .* web:1\.0\.0 +web:2\.0\.0 +Held +VersionHeld +1m30s +minor +is held$/);
});

s("a message without end is cut at a word", () => {
  const requests = [requestOf("2.0.0", { phase: "Failed", message: "it broke ".repeat(3600) })];
  const [, line] = listed(requests, false, { ...look, wide: true }).split("\n");
  assert.match(line!, / it broke it broke .{1,30}…$/);
  assert.ok(line!.length < 500);
});

s("a request without a sighting was made by hand", () => {
  const { spec: { sighting: _, ...spec }, ...request } = requestOf("1.1.0");
  assert.match(listed([{ ...request, spec }], false, look), / 1\.1\.0 +Pending, made by hand +1m30s$/);
});

s("changes, and what became of them", () => {
  const entry = { container: "app", previousImage: "web:1.0.0" };
  const rollback = { of: "web:1.2.0", by: "ann", reason: "too slow" };
  const history = [
    { ...entry, image: "web:1.1.0", previousImage: "web:1.2.0", timestamp: ago(60), rollback },
    { ...entry, image: "web:1.2.0", timestamp: ago(3600), approvedBy: "bob" },
    { ...entry, image: "web:1.1.0", timestamp: ago(7200), verified: true },
  ];
  const resumed = holdOf("1.3.0", { resumedAt: ago(1) });
  const workload = workloadOf({ image: "web:1.1.0", history, held: [holdOf("1.2.0"), holdOf("1.9.0"), resumed] });
  const holds = holdsOf(workload, []);
  assert.equal(told(workload, holds, look).split("\n"), [
    "CONTAINER   FROM    TO      AGE   BY         NOTE",
    "app         1.2.0   1.1.0   1m    ann        runs, rollback: too slow",
    "app         1.0.0   1.2.0   1h    bob        held",
    "app         1.0.0   1.1.0   2h    Headwind   verified",
  ]);
  assert.equal(heldNow(holds, look).split("\n"), [
    "CONTAINER   HELD    AGE   BY    WHY",
    "app         1.2.0   20s   ann   too slow",
    "app         1.9.0   20s   ann   too slow",
  ]);
});

s("Headwind and whom nobody knows are told of in words, as in every face", () => {
  const rollback = { of: "web:1.2.0", by: "headwind", reason: "pod web-1: back-off" };
  const entry = { container: "app", image: "web:1.1.0", previousImage: "web:1.2.0", timestamp: ago(60), rollback };
  const holds = [holdOf("1.2.0", { by: "headwind" }), holdOf("1.3.0", { by: "person" })];
  const workload = workloadOf({ image: "web:1.1.0", history: [entry], held: holds });
  assert.match(told(workload, holds, look), " Headwind ");
  assert.match(heldNow(holds, look), /1\.2\.0 .* Headwind .*\n.*1\.3\.0 .* a person /);
});

s.run();
