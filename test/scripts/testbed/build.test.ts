import { suite } from "uvu";
import * as assert from "uvu/assert";
import { goMod } from "../../../scripts/testbed/build.ts";

const s = suite("go.mod of a build");

s("staging modules are replaced, dated ones are not", () => {
  const upstream = `module k8s.io/kubernetes

go 1.26.0

require (
\tk8s.io/api v0.0.0
\tk8s.io/kube-openapi v0.0.0-20260721132016-d427ff9ee9ad
)

replace k8s.io/api => ./staging/src/k8s.io/api
`;
  const recipe = {
    name: "kube-apiserver",
    version: "1.37.2",
    module: "k8s.io/kubernetes",
    moduleVersion: "v1.37.2",
    command: "k8s.io/kubernetes/cmd/kube-apiserver",
    stamp: {},
    staging: "v0.37.2",
    seconds: 1,
  };
  assert.is(
    goMod(recipe, upstream),
    `module headwind.sh/testbed

go 1.26.0

require k8s.io/kubernetes v1.37.2
replace k8s.io/api => k8s.io/api v0.37.2
`,
  );
});

s.run();
