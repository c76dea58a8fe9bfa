import { readCharacters } from '#lib/crockford.ts'
import { luhnDigit } from '#lib/imei/imei.ts'
import { compactCode } from '#lib/text-normalization.ts'
import type { OrderGroup } from './order-list.ts'

/** The text typed into the search of a list of orders, once read. */
export type OrderSearch =
  | { readonly by: 'order'; readonly id: string }
  /** 15 digits with the right check digit, as orders have them. */
  | { readonly by: 'imei'; readonly imei: string }
  /** Characters of a case's number that stand together, without its prefix and hyphens. */
  | { readonly by: 'number'; readonly part: string }
  /** Nothing that an order can be found by. */
  | { readonly by: 'nothing' }

/** Counting stops here: no reader goes on to the thousandth. */
export const COUNTED_UP_TO = 999

/** Counts the orders in each group, none above one more than {@link COUNTED_UP_TO}. */
export type GroupCounts = Readonly<Record<OrderGroup, number>>

/** The fewest characters of a case's number that are looked for: fewer would find a tenth of all cases. */
export const FEWEST_CHARACTERS = 4
/** The characters of a case's number without its prefix: eight and the check character. */
const NUMBER_LENGTH = 9
const PREFIX = 'HCM'
const MAX_SEARCH_LENGTH = 100

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const IMEI = /^\d{14,16}$/

/**
 * Reads what a person looks for: the id of an order, an IMEI as networks write it (14 digits, 15 with any check digit, or 16), or a
 * part of a case's number. Null where nothing was typed.
 *
 * @param withNumbers false for a carrier's people, who do not know of cases
 */
export function readOrderSearch(typed: string, withNumbers: boolean): OrderSearch | null {
  const text = typed.trim().slice(0, MAX_SEARCH_LENGTH)
  if (text === '') return null
  const compact = compactCode(text)
  if (UUID.test(text)) {
    const hex = text.replaceAll('-', '').toLowerCase()
    const cuts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
    return { by: 'order', id: cuts.join('-') }
  }
  if (IMEI.test(compact)) {
    const key = compact.slice(0, 14)
    return { by: 'imei', imei: key + luhnDigit(key) }
  }
  const part = withNumbers ? partOf(text) : null
  return part === null ? { by: 'nothing' } : { by: 'number', part }
}

function partOf(text: string): string | null {
  const characters = readCharacters(text)
  // The prefix may itself be a part of a number: it is one where a hyphen or more than a part follows it.
  const prefixed =
    /^\s*hcm[\s.–-]/i.test(text) ||
    (characters.startsWith(PREFIX) && characters.length >= PREFIX.length + FEWEST_CHARACTERS)
  const part = prefixed ? characters.slice(PREFIX.length) : characters
  return new RegExp(`^[0-9A-HJKMNP-TV-Z]{${FEWEST_CHARACTERS},${NUMBER_LENGTH}}$`).test(part) ? part : null
}

/** Returns every four characters of a part that stand together, as the index has them. */
export const gramsOf = (part: string): string[] =>
  Array.from({ length: part.length - FEWEST_CHARACTERS + 1 }, (_, at) =>
    part.slice(at, at + FEWEST_CHARACTERS),
  )
