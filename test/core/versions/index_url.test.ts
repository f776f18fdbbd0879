import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bareUrl, indexUrl, InvalidChartSource } from "../../../core/versions/chart_repository.ts";

const s = suite("the address of a chart repository's index");

s("is found as Helm does", () => {
  const cases: [string, string][] = [
    ["https://host", "https://host/index.yaml"],
    ["https://host/", "https://host/index.yaml"],
    ["https://host/path", "https://host/path/index.yaml"],
    ["https://host/path/", "https://host/path/index.yaml"],
    ["https://host/path?x=y", "https://host/path/index.yaml?x=y"],
    ["https://host/path/?x=y&z=", "https://host/path/index.yaml?x=y&z="],
    ["http://host:8080/a%2Fb/c#top", "http://host:8080/a%2Fb/c/index.yaml"],
  ];
  for (const [repository, index] of cases) assert.is(indexUrl(repository).href, index);
});

s("a name is the same for all ways to write it, and holds no login and no query", () => {
  const ways = ["https://host/path", "HTTPS://Host:443/path/", "https://ann:secret@host/path?token=secret#x"];
  assert.equal(ways.map(bareUrl), ways.map(() => "https://host/path"));
  assert.is(bareUrl("http://host:443/"), "http://host:443");
});

s("what is no address of a repository is refused, and its login not told", () => {
  for (const text of ["", "charts", "ftp://host/x", "oci://host/x", "https://", "https://ann:secret@host/x"]) {
    assert.throws(() => indexUrl(text), (error: Error) => {
      assert.instance(error, InvalidChartSource);
      assert.not.match(error.message, "secret@");
      assert.match(error.message, /^The URL of the chart repository .*\.$/);
      return true;
    });
  }
});

s.run();
