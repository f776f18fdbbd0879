import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  chartRepositoryName,
  chartRepositoryRef,
  chartVersionOfTag,
  InvalidChartSource,
  tagOfChartVersion,
} from "../../../core/versions/chart_repository.ts";
import { apiHost } from "../../../core/versions/docker_hub.ts";

const s = suite("charts in registries");

s("the registry is the URL's, whatever the chart is called", () => {
  const cases: [string, string | undefined, string, string][] = [
    ["oci://ghcr.io/org/charts", "nginx", "ghcr.io", "org/charts/nginx"],
    ["oci://ghcr.io/org/charts/", "nginx", "ghcr.io", "org/charts/nginx"],
    ["oci://ghcr.io/org/charts/nginx", undefined, "ghcr.io", "org/charts/nginx"],
    ["oci://registry/charts", "redis", "registry", "charts/redis"],
    ["oci://registry", "busybox", "registry", "busybox"],
    ["oci://registry/", "busybox", "registry", "busybox"],
    ["oci://localhost:5000", "nginx", "localhost:5000", "nginx"],
    ["oci://127.0.0.1:5000/a", "docker.io/nginx", "127.0.0.1:5000", "a/docker.io/nginx"],
    ["oci://registry", "quay.io/nginx", "registry", "quay.io/nginx"],
    ["oci://[::1]:5000/a", "b", "[::1]:5000", "a/b"],
    ["oci://docker.io", "nginx", "docker.io", "nginx"],
    ["oci://registry-1.docker.io/bitnamicharts", "nginx", "docker.io", "bitnamicharts/nginx"],
    ["oci://index.docker.io/bitnamicharts", "nginx", "docker.io", "bitnamicharts/nginx"],
  ];
  for (const [url, chart, registry, repository] of cases) {
    assert.equal(chartRepositoryRef(url, chart), { registry, repository });
  }
  assert.is(apiHost(chartRepositoryRef("oci://index.docker.io/x", "y").registry), "registry-1.docker.io");
});

s("what is no place of a chart is refused in a sentence", () => {
  const cases: [string, string?][] = [
    ["https://host/x", "nginx"],
    ["OCI://host/x", "nginx"],
    ["oci://", "nginx"],
    ["oci:///x", "nginx"],
    ["oci://Host/x", "nginx"],
    ["oci://host/X", "nginx"],
    ["oci://host/x?y=secret", "nginx"],
    ["oci://host/x#y", "nginx"],
    ["oci://ann:secret@host/x", "nginx"],
    ["oci://host:port/x", "nginx"],
    ["oci://-host/x", "nginx"],
    ["oci://host//x", "nginx"],
    ["oci://host/../x", "nginx"],
    ["oci://host/x:1.0", "nginx"],
    ["oci://host/x", ""],
    ["oci://host/x", "Nginx"],
    ["oci://host/x", "../nginx"],
    ["oci://host/x", "/nginx"],
    ["oci://host/x", "nginx:1.0"],
    ["oci://host/x", "nginx:1.0/y"],
    ["oci://host/x", "nginx@sha256:" + "a".repeat(64)],
    ["oci://host/x", "//evil.example/nginx"],
    ["oci://host/x", "nginx?a=b"],
    ["oci://host"],
  ];
  for (const [url, chart] of cases) {
    assert.throws(() => chartRepositoryRef(url, chart), (error: Error) => {
      assert.instance(error, InvalidChartSource, `${url} ${chart}`);
      assert.not.match(error.message, "secret@");
      assert.match(error.message, /^The .*\.$/);
      return true;
    }, `${url} ${chart}`);
  }
});

s("a version's build is behind _ in a tag", () => {
  assert.is(chartVersionOfTag("1.2.3_build.4"), "1.2.3+build.4");
  assert.is(tagOfChartVersion("1.2.3+build.4"), "1.2.3_build.4");
});

s("one name for a chart, however its repository is written", () => {
  assert.is(
    chartRepositoryName({ url: "oci://registry-1.docker.io/bitnamicharts/" }, "nginx"),
    "docker.io/bitnamicharts/nginx",
  );
  assert.is(chartRepositoryName({ url: "oci://registry/charts/nginx" }), "registry/charts/nginx");
  assert.is(
    chartRepositoryName({ url: "HTTPS://ann:pw@Charts.example.com:443/Stable/?a=b" }, "nginx"),
    "https://charts.example.com/Stable/nginx",
  );
  assert.is.not(
    chartRepositoryName({ url: "http://h/x" }, "nginx"),
    chartRepositoryName({ url: "https://h/x" }, "nginx"),
  );
});

s.run();
