import { suite } from "uvu";
import * as assert from "uvu/assert";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { isRetryable, isTerminal, TerminalError, TooManyRequests, Unavailable } from "../../../core/lib/retryable.ts";
import { RegistryError } from "../../../core/registry/registry_error.ts";

const s = suite("errors that calling again can mend, and those that it cannot");
const kube = (status: number) => new KubeError(status, "", "");
const registry = (kind: RegistryError["kind"]) => new RegistryError(kind, "ghcr.io", "");

s("what passes by itself is retryable", () => {
  const errors = [
    new Unavailable("away"),
    new TooManyRequests("too many", 1),
    ...[0, 408, 429, 500, 503].map(kube),
    ...(["unreachable", "rate-limited"] as const).map(registry),
  ];
  for (const error of errors) assert.equal([isRetryable(error), isTerminal(error)], [true, false], error.name);
});

s("what a person has to mend is terminal", () => {
  const errors = [
    new TerminalError("no such container"),
    ...[400, 401, 403, 404, 409, 422].map(kube),
    ...(["unauthorized", "not-found", "garbage", "insecure"] as const).map(registry),
  ];
  for (const error of errors) assert.equal([isRetryable(error), isTerminal(error)], [false, true], error.name);
});

s("what says nothing of it is neither", () => {
  for (const error of [new TypeError("x is undefined"), "text", undefined]) {
    assert.equal([isRetryable(error), isTerminal(error)], [false, false]);
  }
});

s.run();
