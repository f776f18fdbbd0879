import { suite } from "uvu";
import * as assert from "uvu/assert";
import { closingLine, countsOf } from "../../../scripts/test/counts.ts";

const s = suite("counts");
const printed = (total: number, passed: number, skipped: number) =>
  ` name  • •   (${passed} / ${total})\n\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.2ms\n\n`;

s("a file that passes", () => {
  assert.equal(countsOf(printed(4, 4, 0), "status 0"), { passed: 4, failed: 0, skipped: 0 });
});

s("a file that fails", () => {
  assert.equal(countsOf(printed(4, 3, 1), "status 1"), { passed: 3, failed: 1, skipped: 1 });
});

s("only the last total counts", () => {
  assert.equal(countsOf(printed(9, 1, 2) + printed(2, 2, 0), "status 0"), { passed: 2, failed: 0, skipped: 0 });
});

const faulty: [string, string, string, number | undefined, number, number][] = [
  ["that prints no total", "hello\n", "status 0", undefined, 0, 1],
  ["that crashes at once", "error: boom\n", "status 1", undefined, 0, 1],
  ["that has no tests", printed(0, 0, 0), "status 0", undefined, 0, 1],
  ["that crashes after its tests", printed(3, 3, 0), "SIGSEGV", undefined, 3, 1],
  ["that hangs after its tests", printed(3, 3, 0), "SIGKILL", 5, 3, 1],
  ["that hangs and fails", printed(3, 1, 0), "SIGKILL", 5, 1, 2],
  ["whose hook fails, unsaid by uvu", printed(3, 0, 0), "status 0", undefined, 0, 3],
];
for (const [what, output, ended, timedOut, passed, failed] of faulty) {
  s(`a file ${what} has failed`, () => {
    const counts = countsOf(output, ended, timedOut);
    assert.equal([counts.passed, counts.failed], [passed, failed]);
    assert.ok(counts.note);
  });
}

s("the closing line names skipped tests where there are any, and fails by them in CI", () => {
  const all = [{ passed: 4, failed: 0, skipped: 0 }, { passed: 1, failed: 0, skipped: 2 }];
  assert.equal(closingLine(all, false), { line: "5 passed, 0 failed, 2 skipped", failed: 0 });
  assert.equal(closingLine(all, true), { line: "5 passed, 2 failed", failed: 2 });
  assert.equal(closingLine(all.slice(0, 1), true), { line: "4 passed, 0 failed", failed: 0 });
});

s.run();
