import '#server-only'
import { PARTICULAR_NAMES } from '#features/cases/particulars/rules.ts'

/** Words that mark a field as personal or secret, anywhere in its name. */
const WORDS = [
  ...[
    'fullname',
    'firstname',
    'lastname',
    'filename',
    'nationalid',
    'passport',
    'address',
    'story',
    'email',
    'phone',
  ],
  ...[
    'msisdn',
    'contact',
    'imei',
    'serial',
    'message',
    'reason',
    'secret',
    'passw',
    'token',
    'apikey',
    'cookie',
  ],
  ...['authorization', 'sealed', 'comment', 'suggestion', 'dossier'],
]
/** Shorter words that are also part of harmless ones, so the whole name must match. */
const NAMES = new Set([
  ...[
    'name',
    'mail',
    'to',
    'from',
    'key',
    'code',
    'otp',
    'place',
    'text',
    'note',
    'form',
    'body',
    'headers',
    'params',
    // An error's trace begins with its message.
    'stack',
  ],
  ...['query', 'answers'],
])

/** All sealed personal fields of a case, including future ones. */
const PARTICULARS = new Set(PARTICULAR_NAMES.map((name) => name.toLowerCase()))

/** Tells whether a field of this name is never logged. Ignores case, `_` and `-`. */
export function isPersonal(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_-]/g, '')
  return NAMES.has(plain) || PARTICULARS.has(plain) || WORDS.some((word) => plain.includes(word))
}

const EMAIL = /[^\s<>"'@]+@[^\s<>"'@]+/g
/** Six digits or more, as in codes, identity numbers, phone numbers and IMEIs, in any usual grouping. */
const NUMBER = /\+?\d(?:[ .-]?\d){5,}/g

/** Replaces possible e-mail addresses and numbers in a text. */
export const redactText = (text: string): string =>
  text.replace(EMAIL, '[e-mail]').replace(NUMBER, '[number]')

const DEEPEST = 6

/** Copies a value for the log, without fields of {@link isPersonal} names at any depth. */
export function withoutPersonal(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  if (depth === DEEPEST || ArrayBuffer.isView(value)) return '[kept out]'
  if (Array.isArray(value)) return value.map((item) => withoutPersonal(item, depth + 1))
  if (value instanceof Error) return value.constructor.name
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isPersonal(name) ? '[kept out]' : withoutPersonal(inner, depth + 1),
    ]),
  )
}
