import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { env } from '#platform/env.ts'
import { redactText } from '#platform/log-redaction.ts'
import { version } from '#platform/release.ts'
import type { ProcessKind } from './monitoring.ts'

/** Attributes that a span may carry beside its name and times: patterns, methods, statuses, names of queues and carriers. */
const TOLD = new Set([
  ...['http.method', 'http.request.method', 'http.status_code', 'http.response.status_code'],
  ...['http.route', 'next.route', 'next.span_type', 'error.type'],
  ...['messaging.system', 'messaging.destination.name', 'antam.attempt', 'antam.carrier'],
])

const asTold = (value: unknown): string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean' ? value : redactText(String(value)).slice(0, 120)

/**
 * Returns a span in the form that may leave the machine. Next's own spans have addresses with numbers and secrets in
 * names and attributes, and error messages: only parts known to be harmless stay.
 */
export function cleaned(span: ReadableSpan): ReadableSpan {
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).flatMap(([key, value]) => (TOLD.has(key) ? [[key, asTold(value)]] : [])),
  )
  const route = attributes['http.route'] ?? attributes['next.route']
  const method = attributes['http.method'] ?? attributes['http.request.method']
  const ofOurs = span.instrumentationScope.name === 'an-tam'
  const ofNext =
    route === undefined || method === undefined ? attributes['next.span_type'] : `${method} ${route}`
  return {
    name: ofOurs ? span.name : String(ofNext ?? 'request'),
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext && { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes,
    links: span.links.map(({ context }) => ({ context })),
    events: [],
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

/** Hundreds of spans of Next's start, which belong to no request. */
const OF_NEXT_ALONE = 'LoadComponents.loadRouteModule'

const cleaning = (to: SpanExporter): SpanExporter => ({
  export: (spans, done) =>
    to.export(
      spans.map(cleaned).filter(({ name }) => name !== OF_NEXT_ALONE),
      done,
    ),
  shutdown: () => to.shutdown(),
  forceFlush: async () => to.forceFlush?.(),
})

/** Sends the pending spans. */
export type Flush = () => Promise<void>

/**
 * Starts tracing if OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise none of the libraries is loaded. Web servers, workers
 * and carriers' servers are then steps of one trace. Returns the function that sends the last spans; null without
 * tracing.
 */
export async function startTracing(kind: ProcessKind): Promise<Flush | null> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG } = env()
  if (OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null
  const [api, sdk, core, hooks, resources, otlp] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/core'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': `an-tam-${kind}`,
      'service.version': version,
    }),
    // By the trace's id alone: every process decides the same, and no client can force a trace.
    sampler: new sdk.TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG),
    // The exporter reads its address and headers from the usual variables.
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: cleaning(new otlp.OTLPTraceExporter()) })],
  })
  api.context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager())
  api.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator())
  api.trace.setGlobalTracerProvider(provider)
  return () => provider.forceFlush().catch(() => {})
}
