import type { Found } from './masks.ts'

/** The characters that people write between the groups of a number, and digits in such groups. */
const BETWEEN = String.raw`(?:[ \t]{0,2}[-.·•_*/,|()\u2010-\u2015]{1,2}[ \t]{0,2}|[ \t]{1,2})`
const CHAIN = new RegExp(String.raw`\d+(?:${BETWEEN}\d+)*`, 'gu')

/** Dates, which a number must not be made of. Another group behind the same sign makes it no date. */
const DATES =
  /(?<!\d)(?<!\d[-./])(?:(?:0?[1-9]|[12]\d|3[01])( ?[-./] ?)(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d|\1\d)|(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01])(?!\d|\2\d))/g
/** Thousands in a sum that is named, or is too small to be a personal number. */
const SUMS =
  /(?<![\d.,])[1-9]\d{0,2}(?:([.,])\d{3}(?:\1\d{3})*(?!\d|[.,]\d)|( )\d{3}(?: \d{3})*(?![ .,]?\d)(?=[ \t]*(?:đồng|đ|vnđ|vnd|usd)(?!\p{L})))/giu
const CURRENCY = /^[ \t]*(?:đồng|đ|vnđ|vnd|usd)(?!\p{L})/iu
/** Times of day, 07.30: shared with telephone numbers written in twos. */
const TIMES = /(?<!\d)(?<!\d\.)(?:[01]?\d|2[0-4])\.[0-5][05](?!\d|\.\d)/g
const YEAR = /^(?:19|20)\d\d$/

/** Words before a number that say what it is: then fewer digits are enough. */
const SAID: readonly (readonly [Found['kind'], RegExp])[] = [
  [
    'phone',
    /(?<!\p{L})(?:sđt|sdt|đt|đtdđ|điện thoại|phone|tel|zalo|viber|whatsapp|hotline|gọi|liên hệ|lh|alo|số máy)(?: số)?[ :.(+]{0,4}$/iu,
  ],
  [
    'document',
    /(?<!\p{L})(?:cmnd|cmt|cmtnd|cccd|căn cước|công dân|chứng minh|hộ chiếu|passport|mã số thuế|mst|bhxh|bhyt)(?: số)?[ :.]{0,3}$/iu,
  ],
  ['number', /(?<!\p{L})(?:stk|tài khoản|số thẻ)(?: số)?[ :.]{0,3}$/iu],
]
/** Beyond what one can tell apart by itself; after a word that says what it is; and in one piece. */
const DIGITS = { grouped: 9, said: 6, whole: 8 } as const

interface Group {
  readonly start: number
  readonly end: number
  readonly digits: string
}

type Range = readonly [start: number, end: number]
const rangesOf = (text: string, pattern: RegExp): Range[] =>
  [...text.matchAll(pattern)].map(({ 0: match, index }) => [index, index + match.length])

const digitsOf = (groups: readonly Group[]): string => groups.map(({ digits }) => digits).join('')

/**
 * Tells whether digits are a Vietnamese telephone number with its trunk zero or country code: mobile, landline, or one
 * of the eleven-digit numbers used until 2018.
 */
const isPhone = (digits: string): boolean =>
  /^(?:0|(?:00)?840?)(?:[35789]\d{8}|2\d{9})$|^01[2689]\d{8}$/.test(digits)

/**
 * Finds telephone numbers, and numbers of the same length such as those of documents and accounts, also when written in
 * groups.
 */
export function numbersIn(text: string): Found[] {
  const dates = rangesOf(text, DATES)
  const times = rangesOf(text, TIMES)
  const sums = rangesOf(text, SUMS)
  const named = sums.filter(([, end]) => CURRENCY.test(text.slice(end, end + 10)))
  const small = sums.filter(
    ([start, end]) => text.slice(start, end).replace(/\D/g, '').length < DIGITS.grouped,
  )
  return rangesOf(text, CHAIN).flatMap(([start, end]) => {
    const groups = [...text.slice(start, end).matchAll(/\d+/g)].map(({ 0: digits, index }) => ({
      start: start + index,
      end: start + index + digits.length,
      digits,
    }))
    const said = SAID.find(([, words]) => words.test(text.slice(Math.max(0, start - 30), start)))?.[0]
    const others = [...dates, ...named, ...(said === undefined ? small : [])]
    return without(groups, others).flatMap((some) => {
      const phone = phoneOf(text, some)
      if (phone) return [phone]
      return without(some, said === undefined ? times : []).flatMap((rest) => inGroups(text, rest, said))
    })
  })
}

/** Returns the groups without those inside the ranges, split into the runs that remain. */
function without(groups: readonly Group[], ranges: readonly Range[]): Group[][] {
  const runs: Group[][] = [[]]
  for (const group of groups) {
    const taken = ranges.some(([start, end]) => group.start >= start && group.end <= end)
    if (taken) runs.push([])
    else runs.at(-1)?.push(group)
  }
  return runs.filter((run) => run.length > 0)
}

/** Returns the groups as one telephone number where they are one together. */
function phoneOf(text: string, groups: readonly Group[]): Found | null {
  const [first, last] = [groups[0], groups.at(-1)]
  if (!first || !last || !isPhone(digitsOf(groups))) return null
  const between = text.slice(first.start, last.end).replace(/\d/g, '')
  // Two dates of days, 03/11 - 05/11 10, are no number; all slashes or none.
  if (between.includes('/') && /[^/ ]/.test(between)) return null
  const before = (between.includes(')') ? /\(? ?\+? ?$/ : /\+ ?$/).exec(text.slice(0, first.start))
  return { start: first.start - (before?.[0].length ?? 0), end: last.end, kind: 'phone' }
}

/** Returns the findings in a run of groups that is not one whole telephone number. */
function inGroups(text: string, groups: readonly Group[], said: Found['kind'] | undefined): Found[] {
  const found: Found[] = []
  let rest: Group[] = []
  const settle = () => {
    const [first, last] = [rest[0], rest.at(-1)]
    const digits = digitsOf(rest)
    const enough = digits.length >= (said === undefined ? DIGITS.grouped : DIGITS.said)
    if (first && last && enough && !rest.every((group) => YEAR.test(group.digits)))
      found.push({ start: first.start, end: last.end, kind: said ?? kindOf(digits) })
    rest = []
  }
  for (let at = 0; at < groups.length; at++) {
    const group = groups[at] as Group
    const phone = phoneFrom(text, groups, at)
    if (phone) {
      settle()
      found.push(phone.found)
      at += phone.groups - 1
    } else if (group.digits.length >= DIGITS.whole) {
      settle()
      found.push({ start: group.start, end: group.end, kind: said ?? kindOf(group.digits) })
    } else {
      const previous = rest.at(-1)
      // Digits that are listed or divided are several numbers.
      if (previous && !/^ ?[-.·•_*\u2010-\u2015]? ?$/.test(text.slice(previous.end, group.start))) settle()
      rest.push(group)
    }
  }
  settle()
  return found
}

/** Returns the telephone number that begins with a group, and of how many groups it is. */
function phoneFrom(
  text: string,
  groups: readonly Group[],
  at: number,
): { found: Found; groups: number } | null {
  for (let end = at + 1; end <= groups.length; end++) {
    const some = groups.slice(at, end)
    if (digitsOf(some).length > 14) return null
    const found = phoneOf(text, some)
    if (found) return { found, groups: some.length }
  }
  return null
}

function kindOf(digits: string): Found['kind'] {
  if (digits.length === 8) return 'phone'
  if (digits.length === 9 || digits.length === 12) return 'document'
  return digits.length === 15 ? 'imei' : 'number'
}
