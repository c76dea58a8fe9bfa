import '#server-only'
import { format, stripVTControlCharacters } from 'node:util'
import { log } from './log.ts'
import { processMetrics } from './metrics.ts'
import { isOverloaded } from './overload.ts'

// Libraries, above all Next, print errors as raw traces with many lines, local paths and quoted input. Here each becomes one
// line of the log.

/** Messages of Next, React, busboy and Node about requests that no browser with our pages sends. */
const NONSENSE: readonly (readonly [kind: string, words: RegExp])[] = [
  ['unknown_action', /^Failed to find Server Action|^Invalid Server Actions request/],
  ['method', /HTTP method is unsupported/],
  ['invalid_url', /^Invalid URL|^URI malformed|^Failed to normalize|failed to decode param/i],
  [
    'unreadable_form',
    /Unexpected end of form|^Multipart:|Malformed (part header|content)|Missing .*boundary|parse (body|content) as FormData|^Connection closed\.?$|^Invalid (FormData|boundary)|^Unsupported content type/i,
  ],
  ['too_large', /^Body exceeded|^Request (body|entity) (too large|exceeded)|^Body size limit/i],
  [
    'cut',
    /^aborted$|^Premature close$|^read ECONNRESET$|^write (EPIPE|ECONNRESET)$|^The operation was aborted/,
  ],
]

/** Returns the kind of invalid request that an error is about; null for a possible fault of ours. */
export const nonsenseOf = (message: string): string | null =>
  NONSENSE.find(([, words]) => words.test(message.trim()))?.[0] ?? null

export interface LoggedPlace {
  /** The pattern of the page or handler, never the address. */
  readonly route: string
  readonly kind: string
  readonly requestId?: string
}

// One per process: Next's bundle of instrumentation.ts contains this module too.
const shared = globalThis as { antamSaid?: WeakSet<object>; antamConsole?: true }
shared.antamSaid ??= new WeakSet()
const said = shared.antamSaid

/** Logs an error of a page or handler only once, even if several layers print it. */
export function logError(err: unknown, text: string, place?: LoggedPlace): void {
  if (typeof err === 'object' && err !== null) {
    if (said.has(err)) return
    said.add(err)
  }
  const nonsense = err instanceof Error ? nonsenseOf(err.message) : null
  if (nonsense !== null) {
    processMetrics()?.nonsense.inc({ kind: nonsense })
    log().info({ kind: nonsense, ...(place && { route: place.route }) }, 'a request could not be read')
  } else if (isOverloaded(err)) log().warn({ ...place }, 'there was no room, or no database')
  else {
    const digest = (err as { digest?: unknown } | null)?.digest
    log().error({ err, ...place, ...(typeof digest === 'string' && { digest }) }, text)
  }
}

const plain = (parts: readonly unknown[]): string =>
  stripVTControlCharacters(format(...parts))
    .split('\n')
    // A trace that arrived as text: its frames contain local paths.
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .join(' | ')
    .trim()

/** Logs the arguments of a console call: the error, if there is one, and the text. */
function say(level: 'debug' | 'info' | 'warn' | 'error', parts: readonly unknown[]): void {
  const err = parts.find((part) => part instanceof Error)
  const words = plain(parts.filter((part) => part !== err && (typeof part !== 'object' || part === null)))
  const text = words.replace(/^[⨯⚠✓○▲\s]+/u, '')
  // Next also passes the same error to instrumentation.ts, with its place. That makes the better line, so it goes first.
  if (err) setImmediate(() => logError(err, text || 'a library printed an error'))
  else if (level === 'error' && nonsenseOf(text)) logError(new Error(text), text)
  else if (text !== '') log()[level](text)
}

/** Turns the console output and the warnings of this process into lines of the log from now on. */
export function logConsole(): void {
  if (shared.antamConsole) return
  shared.antamConsole = true
  for (const name of ['debug', 'trace'] as const) console[name] = (...parts) => say('debug', parts)
  for (const name of ['log', 'info'] as const) console[name] = (...parts) => say('info', parts)
  console.warn = (...parts) => say('warn', parts)
  console.error = (...parts) => say('error', parts)
  process.removeAllListeners('warning')
  process.on('warning', (warning) => log().warn({ warning: warning.name }, warning.message))
}

export const isConsoleLogged = (): boolean => shared.antamConsole === true

/** Ends a process that serves no requests with one line of the log, where Node would print a trace. */
export function exitOnUncaughtError(): void {
  const end = (err: unknown) => {
    logError(err, 'an error that nobody caught: the process ends')
    process.exit(1)
  }
  process.on('uncaughtException', end).on('unhandledRejection', end)
}
