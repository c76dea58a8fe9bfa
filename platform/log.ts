import '#server-only'
import pino from 'pino'
import { isPersonal, redactText, withoutPersonal } from './log-redaction.ts'
import { processMetrics } from './metrics.ts'
import { revision } from './release.ts'
import { currentRequestId } from './request.ts'
import { currentTraceId } from './tracing.ts'

const HERE = `${process.cwd()}/`

/** Shortens the paths of a frame to those in the project; local paths do not belong in the log. */
const withoutPlace = (frame: string): string => frame.replaceAll('file://', '').replaceAll(HERE, '')

/** Tells whether a value is an error, or a library's copy of one as a plain object. */
const isError = (value: unknown): value is Error =>
  value instanceof Error ||
  (typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string')

/** Returns an error's type and place. Its message may quote personal input, unless we wrote it ourselves. */
function safeError(error: unknown): Record<string, unknown> {
  if (!isError(error)) return { type: typeof error }
  const { code } = error as { code?: unknown }
  // Prisma's errors repeat the query's values, and a parser's error the unreadable text. A plain Error may come from a library
  // too, so possible contacts and numbers are replaced in it.
  const plain = error.constructor === Error
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' && { fault: code }),
    ...(plain && { message: redactText(error.message) }),
    // Only the frames, because the first lines repeat the message.
    stack: error.stack?.split('\n').flatMap((line) => (/^\s+at /.test(line) ? [withoutPlace(line)] : [])),
    ...(error.cause !== undefined && { cause: safeError(error.cause) }),
  }
}

function safeFields(fields: object): Record<string, unknown> {
  const errors = Object.entries(fields).filter(([name, value]) => isError(value) && !isPersonal(name))
  const rest = Object.fromEntries(Object.entries(fields).filter(([, value]) => !isError(value)))
  const safe = withoutPersonal(rest) as Record<string, unknown>
  for (const [name, error] of errors) safe[name] = safeError(error)
  return safe
}

/** Escapes characters that JSON leaves but a terminal or log reader may interpret: 8-bit controls, Unicode line ends. */
const withoutControls = (line: string): string =>
  line.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The methods of a logger. Child loggers are left out, because pino writes their fields without redaction. */
type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>

/** Makes a logger that writes one line of JSON per event to `destination`, by default standard output. */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: { pid: process.pid, revision: revision() },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const requestId = currentRequestId()
      const traceId = currentTraceId()
      return { ...(requestId !== null && { requestId }), ...(traceId !== undefined && { traceId }) }
    },
    hooks: {
      // Runs before pino's own handling of errors, which would write their messages.
      logMethod([first, message, ...rest], method, level) {
        if (level >= 40) processMetrics()?.logged.inc({ level: level >= 50 ? 'error' : 'warn' })
        if (typeof first === 'string') return method.call(this, redactText(first))
        const fields = first instanceof Error ? { err: first } : ((first ?? {}) as object)
        method.call(this, safeFields(fields), redactText(typeof message === 'string' ? message : ''), ...rest)
      },
      streamWrite: withoutControls,
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

let shared: Log | undefined

/** Returns the process's logger. Every line carries the current request's id. */
export function log(): Log {
  shared ??= createLog(process.env.LOG_LEVEL ?? 'info')
  return shared
}
