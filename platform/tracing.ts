import '#server-only'
import {
  type Attributes,
  context,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

// OpenTelemetry's own interface, which does nothing until scripts/tracing.ts has begun it. Names and attributes are of a
// few known values: a trace leaves the machine.

const tracer = () => trace.getTracer('an-tam')

/** Returns the trace at hand, as W3C's header says it, to go with what is done later or elsewhere; undefined without one. */
export function traceparent(): string | undefined {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent
}

/** Returns the id of the trace at hand, for the log; undefined without one. */
export const currentTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId

const KINDS = { consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL }

/** Runs `work` as a step of a trace. An error is told by its kind alone: its message may quote what a person typed. */
export function inSpan<T>(
  name: string,
  options: {
    readonly kind: 'consumer' | 'client' | 'internal'
    readonly attributes: Attributes
    /** The trace that this goes on from, where it is another than the one at hand; null begins a new one. */
    readonly parent?: string | null
  },
  work: () => Promise<T>,
): Promise<T> {
  const { kind, attributes, parent } = options
  const from =
    parent === undefined
      ? context.active()
      : propagation.extract(
          ROOT_CONTEXT,
          parent === null ? {} : { traceparent: parent },
          defaultTextMapGetter,
        )
  return tracer().startActiveSpan(name, { kind: KINDS[kind], attributes }, from, (span) => ended(span, work))
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR })
    span.setAttribute('error.type', error instanceof Error ? error.constructor.name : typeof error)
    throw error
  } finally {
    span.end()
  }
}
