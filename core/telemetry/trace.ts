import {
  type Attributes,
  INVALID_SPAN_CONTEXT,
  ProxyTracerProvider,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

const TRACER_NAME = "headwind";
const tracer = trace.getTracer(TRACER_NAME);
/** Takes all, keeps nothing. */
const nothing = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** The API has a provider that hands on to whoever comes, and nobody has come. */
function isCollected(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(TRACER_NAME) !== undefined;
}

/**
 * Runs `work` in a span; an error is written into it and thrown on. Where nothing collects spans it costs next to
 * nothing. On Deno `OTEL_DENO=true` collects; on Node the OpenTelemetry SDK does.
 */
export function span<T>(what: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  if (!isCollected()) return work(nothing);
  return tracer.startActiveSpan(what, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
      throw error;
    } finally {
      span.end();
    }
  });
}
