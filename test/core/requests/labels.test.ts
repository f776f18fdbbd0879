import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LABELS, labelsOf, labelValue } from "../../../core/requests/metadata.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("labels of UpdateRequests");
/** As the API server checks them (IsValidLabelValue of apimachinery). */
const isValid = (value: string) => value.length <= 63 && /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value);

s("who manages it, and which workload and container it is for", () => {
  const labels = labelsOf(requestOf().spec);
  assert.equal(Object.keys(labels), [...LABELS]);
  assert.equal(labels, {
    "app.kubernetes.io/managed-by": "headwind",
    "headwind.sh/workload-kind": "Deployment",
    "headwind.sh/workload-name": "web",
    "headwind.sh/container": "app",
  });
  const { containerName: _, ...spec } = requestOf().spec;
  assert.is(labelsOf(spec)["headwind.sh/container"], undefined);
});

s("what is no value of a label becomes one, of its own", () => {
  for (const kept of ["web", "values.image", "a".repeat(63), "1.2_x-y", ""]) assert.is(labelValue(kept), kept);
  assert.match(labelValue("values.list[0].tag"), /^values\.list-0-\.tag-[0-9a-f]{10}$/);
  assert.match(labelValue("a".repeat(64)), /^a{52}-[0-9a-f]{10}$/);
  assert.match(labelValue("-.-"), /^[0-9a-f]{10}$/);
  const others = [
    "a".repeat(64),
    "a".repeat(253),
    `${"a".repeat(252)}b`,
    "values.list[0].tag",
    "values.list-0-.tag-",
    "-",
    "ä",
    ".",
  ];
  const values = others.map(labelValue);
  for (const value of values) assert.ok(isValid(value), value);
  assert.is(new Set(values).size, others.length);
});

s.run();
