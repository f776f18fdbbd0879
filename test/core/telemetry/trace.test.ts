import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Attributes, type Span, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { span } from "../../../core/telemetry/trace.ts";

const s = suite("spans");

interface Kept {
  tracer: string;
  name: string;
  attributes: Attributes | undefined;
  exceptions: unknown[];
  status?: unknown;
  ended: boolean;
}
const kept: Kept[] = [];

/** What a collector is to the API: keeps what it is told. */
function collectorOf(tracer: string): Tracer {
  return {
    startActiveSpan(name: string, { attributes }: { attributes?: Attributes }, work: (span: Span) => unknown) {
      const one: Kept = { tracer, name, attributes, exceptions: [], ended: false };
      kept.push(one);
      return work({
        setAttribute: (key: string, value: string) => void (one.attributes = { ...one.attributes, [key]: value }),
        recordException: (error: unknown) => void one.exceptions.push(error),
        setStatus: (status: unknown) => void (one.status = status),
        end: () => void (one.ended = true),
      } as unknown as Span);
    },
  } as unknown as Tracer;
}

s("without a collector the work is done all the same", async () => {
  assert.is(await span("quiet", {}, async () => 7), 7);
  const error = new Error("as it is");
  assert.is(await span("quiet", {}, () => Promise.reject(error)).catch((thrown) => thrown), error);
});

s("a collector that comes later hears of name, attributes and end", async () => {
  assert.ok(trace.setGlobalTracerProvider({ getTracer: collectorOf }));
  kept.length = 0;
  const result = await span("work", { "headwind.workload": "Deployment/default/web" }, async (active) => {
    assert.not(kept[0]!.ended);
    active.setAttribute("more", "x");
    return 7;
  });
  assert.is(result, 7);
  assert.equal(kept, [{
    tracer: "headwind",
    name: "work",
    attributes: { "headwind.workload": "Deployment/default/web", more: "x" },
    exceptions: [],
    ended: true,
  }]);
});

s("an error is written into the span, which ends, and thrown on", async () => {
  kept.length = 0;
  const error = new Error("it broke");
  assert.is(await span("work", {}, () => Promise.reject(error)).catch((thrown) => thrown), error);
  assert.equal(kept.map(({ exceptions, status, ended }) => ({ exceptions, status, ended })), [
    { exceptions: [error], status: { code: SpanStatusCode.ERROR, message: "it broke" }, ended: true },
  ]);
});

s.after(() => trace.disable());
s.run();
