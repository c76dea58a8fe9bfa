import { CITY } from '#cities/city.ts'
import type { Found, PersonalKind } from './rules.ts'

/** The characters that people write between groups of digits. */
const BETWEEN = String.raw`(?:[ \t]{0,2}[-.·•_*/,|()\u2010-\u2015]{1,2}[ \t]{0,2}|[ \t]{1,2})`
const CHAIN = new RegExp(String.raw`\d+(?:${BETWEEN}\d+)*`, 'gu')

/** Dates, which must not become part of a number. Another group after the same sign makes it no date. */
const DATES =
  /(?<!\d)(?<!\d[-./])(?:(?:0?[1-9]|[12]\d|3[01])( ?[-./] ?)(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d|\1\d)|(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01])(?!\d|\2\d))/g
/** Sums written in thousands. They count with a currency, or if they are too short for a personal number. */
const SUMS =
  /(?<![\d.,])[1-9]\d{0,2}(?:([.,])\d{3}(?:\1\d{3})*(?!\d|[.,]\d)|( )\d{3}(?: \d{3})*(?![ .,]?\d)(?=[ \t]*(?:đồng|đ|vnđ|vnd|usd)(?!\p{L})))/giu
const CURRENCY = /^[ \t]*(?:đồng|đ|vnđ|vnd|usd)(?!\p{L})/iu
/** Times of day such as 07.30, which look like telephone numbers in groups of two. */
const TIMES = /(?<!\d)(?<!\d\.)(?:[01]?\d|2[0-4])\.[0-5][05](?!\d|\.\d)/g
const YEAR = /^(?:19|20)\d\d$/

/** Words before a number that say what it is. Fewer digits are then enough. */
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
/** The fewest digits of a number in groups, of one after a word that says what it is, and of one without gaps. */
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

/** Checks for a Vietnamese telephone number with trunk zero or country code, also of the eleven digits used until 2018. */
const isPhone = (digits: string) => /^(?:0|(?:00)?840?)(?:[35789]\d{8}|2\d{9})$|^01[2689]\d{8}$/.test(digits)

/** Finds telephone numbers and numbers of the same length, such as those of documents and accounts, also in groups. */
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

/** Returns the groups outside the ranges, split into the remaining runs. */
function without(groups: readonly Group[], ranges: readonly Range[]): Group[][] {
  const runs: Group[][] = [[]]
  for (const group of groups) {
    const taken = ranges.some(([start, end]) => group.start >= start && group.end <= end)
    if (taken) runs.push([])
    else runs.at(-1)?.push(group)
  }
  return runs.filter((run) => run.length > 0)
}

/** Returns the groups as one telephone number; null if they are none. */
function phoneOf(text: string, groups: readonly Group[]): Found | null {
  const [first, last] = [groups[0], groups.at(-1)]
  if (!first || !last || !isPhone(digitsOf(groups))) return null
  const between = text.slice(first.start, last.end).replace(/\d/g, '')
  // A slash may be combined only with spaces: 03/11 - 05/11 10 is two dates, not a number.
  if (between.includes('/') && /[^/ ]/.test(between)) return null
  const before = (between.includes(')') ? /\(? ?\+? ?$/ : /\+ ?$/).exec(text.slice(0, first.start))
  return { start: first.start - (before?.[0].length ?? 0), end: last.end, kind: 'phone' }
}

/** Returns the findings in a run of groups that is not one telephone number as a whole. */
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
      // Listed or divided digits are several numbers.
      if (previous && !/^ ?[-.·•_*\u2010-\u2015]? ?$/.test(text.slice(previous.end, group.start))) settle()
      rest.push(group)
    }
  }
  settle()
  return found
}

/** Returns the telephone number that begins with a group, and its number of groups; null if there is none. */
function phoneFrom(text: string, groups: readonly Group[], at: number) {
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

/** Not within a longer word or number. */
const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}])`
const END = String.raw`(?![\p{L}\p{M}\p{Nd}])`

const PATTERNS: readonly (readonly [Found['kind'], RegExp])[] = [
  [
    'email',
    /(?<![\p{L}\p{Nd}._%+'-])[\p{L}\p{Nd}._%+'-]+ ?(?:@|\(at\)|\[at\]| a còng ) ?[\p{L}\p{Nd}-]+(?: ?\. ?[\p{L}\p{Nd}-]+)+/giu,
  ],
  [
    'email',
    /(?<![\p{L}\p{Nd}._%+'-])[\p{L}\p{Nd}._%+'-]+ ?@ ?(?:gmail|yahoo|hotmail|outlook|icloud)(?![\p{L}\p{Nd}])/giu,
  ],
  // A case (ABC-XXXX-XXXX-C), a survey receipt (DG-XXXX-XXXX-XXXX-C), a dossier (000.00.15.H29-261124-0001).
  [
    'reference',
    new RegExp(`${BEGIN}(?:${CITY.number_prefix}|DG)(?:-[\\dA-Z]{4}){2,3}-[\\dA-Z]${END}`, 'giu'),
  ],
  [
    'reference',
    new RegExp(`${BEGIN}(?:${CITY.number_prefix}|DG)(?=[A-Z]*\\d)(?:[\\dA-Z]{9}|[\\dA-Z]{13})${END}`, 'gu'),
  ],
  ['reference', new RegExp(`${BEGIN}(?:\\d{2,3}\\.){0,4}H\\d{2}(?:[.-]\\d{2,}){2,}${END}`, 'giu')],
  ['document', new RegExp(`${BEGIN}[A-Z][ .-]?\\d{7,8}${END}`, 'gu')],
  [
    'document',
    new RegExp(
      `(?<=(?:hộ chiếu|passport)(?: số)?[ :.]{1,3})(?=[\\p{L}\\d]*\\d)[\\p{L}\\d]{6,12}${END}`,
      'giu',
    ),
  ],
  // 51F-123.45, 59-X1 123.45, 50LD-12345, 29A-1234; in small letters only with a dash, as 59x1-123.45.
  [
    'plate',
    new RegExp(
      `${BEGIN}[1-9]\\d[ .-]{0,2}(?:[A-Z]{2}|[A-Z]\\d?)[ .-]{0,3}(?:\\d{3}[ .]?\\d{2}|\\d{2}[ .]\\d{3}|\\d{4})${END}`,
      'gu',
    ),
  ],
  ['plate', new RegExp(`${BEGIN}[1-9]\\d-?[a-z]\\d?-(?:\\d{3}[ .]?\\d{2}|\\d{4})${END}`, 'gu')],
]

/** Finds codes of letters and digits: e-mail addresses, file and passport numbers, number plates. */
export function codesIn(text: string): Found[] {
  const found: Found[] = []
  for (const [kind, pattern] of PATTERNS) {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const end = index + match.length
      if (found.every((other) => other.end <= index || other.start >= end)) {
        found.push({ start: index, end, kind })
      }
    }
  }
  return found
}

const GAP = String.raw`[ \t]*[:.]?[ \t]*`

/** A date in figures or in words, or a year alone. */
const DAY = String.raw`(?:\d{1,2}[ ]?[-./][ ]?\d{1,2}[ ]?[-./][ ]?\d{2,4}|\d{1,2} tháng \d{1,2}(?: năm \d{4}|[-./]\d{4})?|\d{1,2} thang \d{1,2}(?: nam \d{4})?|\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august|september|october|november|december),? \d{4}|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}[-./]\d{4}|(?:19|20)\d\d)`
/** A file number: at least two digits, with or without letters, slashes and dashes. */
const NUMBER = String.raw`(?:(?:[\p{L}]{1,5}[ ]?[-./]?[ ]?)?\d{2,}(?:[-./][\p{L}\d]+)*|[\p{L}\d]+(?:[-./][\p{L}\d]+)*[-./]\d{2,}(?:[-./][\p{L}\d]+)*|\d+[\p{L}]+\d+)`
const FILE_NUMBER = String.raw`(?:[\p{L}\d]+[-./])+[\p{L}\d]*\d{3,}[\p{L}\d]*(?:[-./][\p{L}\d]+)*|\d{3,}[-./][\p{L}\d]+(?:[-./][\p{L}\d]+)*|\p{Lu}{1,3} \d{5,6}|[A-Z]{2,5}\d{3,}`

/** The first group is the personal data. The words before it stay. */
const FACT_PATTERNS: readonly (readonly [PersonalKind, RegExp])[] = [
  [
    'birth',
    new RegExp(
      `(?:(?<!khai )${BEGIN}(?:sinh(?: ngày| năm| vào| nam| ngay)?|ngày sinh|năm sinh|ngày tháng năm sinh|ngay sinh|nam sinh|sn|born(?: on| in)?|dob|date of birth|birthday)${GAP}(?:ngày |năm |là )?)(${DAY})${END}`,
      'dgiu',
    ),
  ],
  [
    'reference',
    new RegExp(
      `${BEGIN}(?:(?:số |mã |mã số |so |ma )?(?:biên nhận|bien nhan|biên lai|phiếu hẹn|giấy hẹn|phieu hen|hồ sơ|ho so|hợp đồng|hóa đơn|hoá đơn|đơn|sổ hồng|sổ đỏ|so hong|so do|sổ|giấy chứng nhận|gcn|giấy phép(?: [\\p{Ll}]+){0,3}|receipt|file|case|dossier|application|permit))(?: (?:số|mã|so|ma|number|no\\.?|nr\\.?|code|id))+(?: is)?${GAP}#?(${NUMBER})${END}`,
      'dgiu',
    ),
  ],
  [
    'reference',
    new RegExp(
      `${BEGIN}(?:số|mã|mã số|so|ma) (?:biên nhận|bien nhan|biên lai|phiếu hẹn|giấy hẹn|hồ sơ|ho so|vào sổ)(?: (?:của )?(?:tôi|em|mình|toi))?(?: (?:là|la))?${GAP}#?(?:số )?(${NUMBER})${END}`,
      'dgiu',
    ),
  ],
  [
    'reference',
    new RegExp(
      `${BEGIN}(?:biên nhận|bien nhan|biên lai|phiếu hẹn|giấy hẹn|hồ sơ|ho so|sổ hồng|sổ đỏ|so hong|so do|hs|receipt|file|case|dossier)${GAP}#?(${FILE_NUMBER})${END}`,
      'dgiu',
    ),
  ],
  [
    'reference',
    new RegExp(
      `${BEGIN}(?:thửa(?: đất)?|thua(?: dat)?|tờ bản đồ|to ban do|(?<=thửa[^.\\n]{1,25})tờ)(?: số| so)?[ :]{1,2}(\\d{1,5})${END}`,
      'dgiu',
    ),
  ],
  [
    'email',
    /(?<![\p{L}\p{Nd}])(?:gmail|e-?mail|mail)[ :]{1,3}([a-z]+(?:\d|[._][a-z\d])[a-z\d._]*)(?![\p{L}\p{Nd}@])/dgiu,
  ],
  [
    'document',
    new RegExp(
      `${BEGIN}(?:bảo hiểm y tế|bhyt|bhxh|thẻ bảo hiểm)(?: số)?${GAP}([A-Z]{2}\\d{8,15})${END}`,
      'dgiu',
    ),
  ],
  [
    'link',
    /(?<![\p{L}\p{Nd}])((?:https?:\/\/)?(?:www\.|m\.)?(?:facebook|fb|zalo|t|tiktok|instagram|youtube|linkedin|twitter|x|messenger)\.(?:com|me|vn|be|net)\/[^\s,;()]+)/dgiu,
  ],
  [
    'link',
    /(?<![\p{L}\p{Nd}])(?:facebook|fb|zalo|telegram|tiktok|instagram|ig|insta|viber|skype|twitter|threads|line)(?: (?:của tôi|tôi|là|id|nick|my))?[ :]{1,3}(@?[\p{L}\d]*(?:[._][\p{L}\d]+)+|@[\p{L}\d._]+|[\p{L}]+\d+[\p{L}\d]*)(?![\p{L}\p{Nd}])/dgiu,
  ],
  ['link', /(?<![\p{L}\p{Nd}._%+@-])(@[a-z\d][a-z\d._]{3,})(?![\p{L}\p{Nd}])/dgiu],
]

const COMPANY = new RegExp(
  `${BEGIN}(?:công ty|công ti|cong ty|cty|c\\.ty|doanh nghiệp tư nhân|dntn|doanh nghiệp|hợp tác xã|htx|hộ kinh doanh|my company|our company|company called|tiệm|quán|cửa hàng|shop)(?:[ \\t]+(?:TNHH|tnhh|MTV|mtv|một thành viên|cổ phần|CP|cp|hợp danh|TM|DV|SX|XNK|TM-DV|thương mại|dịch vụ|sản xuất|(?:của )?(?:tôi|em|chúng tôi|mình)|tên(?: là)?))*[ \\t]+`,
  'giu',
)
const COMPANY_NAME =
  /^["“']?\p{Lu}[\p{L}\p{M}\d&'’-]*(?:[ \t](?:&|và|Co\.?,?|Ltd\.?|JSC|\p{Lu}[\p{L}\p{M}\d&'’.-]*|\p{Ll}{1,5}(?= \p{Lu})))*(?:(?<=[Cc]a|[Cc]à|Trà|Tạp|Bánh|Cơm|Phở|Xây) [\p{Ll}]+(?: \p{Lu}[\p{L}\p{M}]*)*)*["”']?/u
/** Public service companies, whose names are public knowledge. */
const PUBLIC_COMPANY =
  /^(?:điện lực|cấp nước|cấp thoát nước|thoát nước|xổ số|môi trường|công ích|dịch vụ công ích|bưu điện|viễn thông|nhà nước|xăng dầu|quản lý)/iu

function companiesIn(text: string): Found[] {
  const found: Found[] = []
  for (const { 0: match, index } of text.matchAll(COMPANY)) {
    const start = index + match.length
    const rest = text.slice(start, start + 80)
    if (PUBLIC_COMPANY.test(rest)) continue
    const [name = ''] = COMPANY_NAME.exec(rest) ?? []
    if (name !== '') found.push({ start, end: start + name.trimEnd().length, kind: 'company' })
  }
  return found
}

/** Finds dates of birth, numbers of files and papers, pages of social networks and companies, by the words before them. */
export function factsIn(text: string): Found[] {
  const found: Found[] = []
  for (const [kind, pattern] of FACT_PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? [0, 0]
      if (kind === 'reference' && isCount(text, start, end)) continue
      if (end > start && !found.some((other) => other.start < end && start < other.end))
        found.push({ start, end, kind })
    }
  }
  for (const one of companiesIn(text)) {
    if (!found.some((other) => other.start < one.end && one.start < other.end)) found.push(one)
  }
  return found
}

const DATE = /^\d{1,2}[-./]\d{1,2}(?:[-./]\d{2,4})?$|^\d{1,2}[-./](?:19|20)\d\d$/
/** Checks whether a number is a date, or a count of copies or days, rather than a file number. */
function isCount(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end)
  return (
    DATE.test(value) ||
    /^[ ]*(?:bộ|bản|ngày|lần|cái|người|copies|days|times)(?!\p{L})/iu.test(text.slice(end, end + 12))
  )
}
