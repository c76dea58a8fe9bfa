import '#server-only'
import { PARTICULAR_NAMES } from '#features/cases/particulars/rules.ts'

/** Words that, anywhere in a field's name, say that its value leads to a person or opens something. */
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
/** Shorter words, which are part of harmless ones: only the name itself is meant. */
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
    // The trace of an error begins with its message.
    'stack',
  ],
  ...['query', 'answers'],
])

/** And what a case keeps sealed of a person, particulars that are added later included. */
const PARTICULARS = new Set(PARTICULAR_NAMES.map((name) => name.toLowerCase()))

/** Tells whether a field by this name is never written. Case, `_` and `-` make no difference. */
export function isPersonal(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_-]/g, '')
  return NAMES.has(plain) || PARTICULARS.has(plain) || WORDS.some((word) => plain.includes(word))
}

const EMAIL = /[^\s<>"'@]+@[^\s<>"'@]+/g
/** Six digits and more, as in codes, identity numbers, phone numbers and IMEIs, in any usual grouping. */
const NUMBER = /\+?\d(?:[ .-]?\d){5,}/g

/** Returns a text without what may be a person's contact or number. */
export const redactText = (text: string): string =>
  text.replace(EMAIL, '[e-mail]').replace(NUMBER, '[number]')

const DEEPEST = 6

/** Returns a copy of a value for the log: fields of {@link isPersonal} names are kept out at every depth. */
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
