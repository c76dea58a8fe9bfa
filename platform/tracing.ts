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

// OpenTelemetry's own API, which does nothing until scripts/tracing.ts has started it. Names and attributes have only a few
// known values, because a trace leaves the machine.

const tracer = () => trace.getTracer('an-tam')

/** Returns the current trace as a W3C header, for later or remote work; undefined without a trace. */
export function traceparent(): string | undefined {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent
}

export const currentTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId

const KINDS = { consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL }

/** Runs `work` as a span. An error is recorded only by its type, because its message may quote user input. */
export function inSpan<T>(
  name: string,
  options: {
    readonly kind: 'consumer' | 'client' | 'internal'
    readonly attributes: Attributes
    /** The parent trace, if it is not the current one; null begins a new one. */
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
