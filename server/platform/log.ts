import '#server-only'
import pino, { type Logger } from 'pino'
import { currentRequestId } from './request.ts'

/** Whatever may lead to a person or open something is never written, at any depth that we log at. */
const PERSONAL = [
  'name',
  'fullName',
  'nationalId',
  'email',
  'phone',
  'contact',
  'contactEmail',
  'contactPhone',
  'contactCode',
  'address',
  'place',
  'story',
  'imei',
  'imei1',
  'imei2',
  'imei3',
  'imei4',
  'secret',
  'caseSecret',
  'code',
  'password',
  'otp',
  'token',
  'to',
  'authorization',
  'cookie',
]

/** An error's kind and place. Its message may quote what a person typed, unless we wrote it ourselves. */
function safeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code } = error as { code?: unknown }
  const ours = error.constructor === Error
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' && { fault: code }),
    ...(ours && { message: error.message }),
    // Frames only: the first lines repeat the message.
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
    ...(error.cause !== undefined && { cause: safeError(error.cause) }),
  }
}

/** A logger that writes one JSON line an event to `destination` (standard output unless told). */
export function createLog(level: string, destination?: pino.DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const requestId = currentRequestId()
      return requestId === null ? {} : { requestId }
    },
    serializers: { err: safeError },
    redact: { paths: PERSONAL.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[kept out]' },
  }
  return destination ? pino(options, destination) : pino(options)
}

let shared: Logger | undefined

/** The process's logger. Every line carries the id of the request it belongs to. */
export function log(): Logger {
  shared ??= createLog(process.env.LOG_LEVEL ?? 'info')
  return shared
}
