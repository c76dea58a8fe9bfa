import { CITY } from '#cities/city.ts'
import { foldDiacritics, normalizeCharacters, stripInvisible } from '#lib/text-normalization.ts'
import {
  addressesIn,
  EVERYDAY_PLAIN,
  GIVENS,
  GIVENS_PLAIN,
  MIDDLES,
  PLACE_NAMES,
  STRONG,
  SURNAMES,
  SURNAMES_PLAIN,
} from './addresses-rules.ts'
import { disguisedIn } from './disguised-rules.ts'
import { cuedNamesIn, fullNamesIn, isSurePlace } from './fullnames-rules.ts'
import { readLookAlikes } from './look-alikes-rules.ts'
import { namesIn, runFrom, type Word, wordsOf } from './names-rules.ts'
import { codesIn, factsIn, numbersIn } from './numbers-rules.ts'
import { tellsWho } from './telling-rules.ts'

/** The words that replace personal data in a comment. They read as part of the text, which is Vietnamese. */
export const MASKS = {
  phone: '[số điện thoại]',
  document: '[số giấy tờ]',
  email: '[e-mail]',
  name: '[tên người]',
  plate: '[biển số xe]',
  imei: '[số IMEI]',
  reference: '[số hồ sơ]',
  number: '[dãy số]',
  address: '[địa chỉ]',
  birth: '[ngày sinh]',
  link: '[trang cá nhân]',
  company: '[tên công ty]',
} as const
export type PersonalKind = keyof typeof MASKS

export interface Found {
  readonly start: number
  readonly end: number
  readonly kind: PersonalKind
}

/** One character with the marks and the invisible characters after it, which are masked with it. */
const CLUSTER = /.[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]*/gsu

/** A small letter with an invisible character after it. */
const HIDDEN_SPACE = /^\p{Ll}.*[\p{Cf}\p{Default_Ignorable_Code_Point}]$/su

/** Returns a text in ordinary visible characters, with the start and end of each one's source in the original. */
function asMeant(text: string): { meant: string; from: number[]; to: number[] } {
  let meant = ''
  const from: number[] = []
  const to: number[] = []
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    // A digit in a box or struck through counts as that digit.
    const shown = readLookAlikes(
      normalizeCharacters(stripInvisible(cluster)).replace(/(?<=\p{N})\p{M}+/gu, ''),
    )
    // Between two words of a name an invisible character stands for a space, as U+200B does.
    const endsWord = HIDDEN_SPACE.test(cluster) && /\p{Lu}/u.test(text.charAt(index + cluster.length))
    const read = endsWord ? `${shown} ` : shown
    meant += read
    for (let at = 0; at < read.length; at++) {
      from.push(index)
      to.push(index + cluster.length)
    }
  }
  return { meant, from, to }
}

const DETECTORS = [
  codesIn,
  factsIn,
  addressesIn,
  numbersIn,
  disguisedIn,
  fullNamesIn,
  namesIn,
  cuedNamesIn,
] as const

/** Replaces found characters during the search. It is the last character of a mask, and no letter, digit or space. */
const HIDDEN = ']'

/** The number of characters searched at once, which is the limit of a comment. A longer text is searched in pieces. */
const PIECE = 2_500

/** Cuts a text into pieces that can be searched at once: after a line, a sentence or a word. */
function pieces(text: string): (readonly [start: number, end: number])[] {
  const cut: [number, number][] = []
  for (let start = 0; start < text.length; ) {
    const most = text.slice(start, start + PIECE)
    const whole = start + PIECE >= text.length
    const at = whole
      ? most.length
      : [most.lastIndexOf('\n'), most.lastIndexOf('. '), most.lastIndexOf(' ')].find((end) => end > PIECE / 2)
    const end = start + (whole ? most.length : at === undefined ? PIECE : at + 1)
    cut.push([start, end])
    start = end
  }
  return cut
}

/** Returns the personal data in a text, in order. The time grows only with the length of the text. */
export const findPersonal = (text: string): Found[] =>
  pieces(text).flatMap(([from, to]) =>
    personalIn(text.slice(from, to)).map((found) => ({
      ...found,
      start: from + found.start,
      end: from + found.end,
    })),
  )

/**
 * Returns the personal data in a piece of text, in order: telephone and document numbers, e-mail addresses, plates, IMEIs, file
 * numbers, long numbers, home addresses, birthdays, pages, companies, and names, whole or after a cue. They are found in any
 * form: in groups, full-width, composed or not, with invisible characters. A finding hides whole characters of the original. The
 * rest is searched again, so that masking a masked text changes nothing.
 */
function personalIn(text: string): Found[] {
  const { meant, from, to } = asMeant(text)
  const found: Found[] = []
  let left = meant
  for (let more = true; more; ) {
    more = false
    for (const detect of DETECTORS) {
      for (const { start, end, kind } of detect(left)) {
        const [begin = 0, close = text.length] = [from[start], to[end - 1]]
        // Hides everything read from one original character: ½ is read as three.
        const [first, after] = [from.indexOf(begin), to.lastIndexOf(close) + 1]
        left = left.slice(0, first) + HIDDEN.repeat(after - first) + left.slice(after)
        found.push({ start: begin, end: close, kind })
        more = true
      }
    }
  }
  return found.sort((one, other) => one.start - other.start)
}

/** A part of a text and its kind of personal data; null if it has none. */
export interface Stretch {
  readonly text: string
  readonly kind: PersonalKind | null
}

/** Splits a whole text into parts, in order, to show masks beside the words that they hide. */
export function stretches(text: string): Stretch[] {
  const parts: Stretch[] = []
  let at = 0
  for (const { start, end, kind } of findPersonal(text)) {
    // Findings that share an original character overlap.
    if (end <= at) continue
    if (start > at) parts.push({ text: text.slice(at, start), kind: null })
    parts.push({ text: text.slice(Math.max(at, start), end), kind })
    at = end
  }
  if (at < text.length) parts.push({ text: text.slice(at), kind: null })
  return parts
}

/** Replaces personal data by words in brackets and leaves the rest unchanged. */
export const mask = (text: string): string =>
  stretches(text)
    .map((part) => (part.kind === null ? part.text : MASKS[part.kind]))
    .join('')

/** Normalizes line breaks, so that a text sent by a form equals the stored one. */
const lines = (text: string): string => text.replace(/\r\n?/g, '\n')

/** Checks that `masked` is the original with words in brackets and nothing else: nobody puts words into a citizen's mouth. */
export function onlyMasks(original: string, masked: string): boolean {
  const whole = lines(original)
  const kept = lines(masked).split(/\[[^[\]\n]{1,40}\]/)
  const [first = '', last = ''] = [kept[0], kept.at(-1)]
  if (kept.length === 1) return first === whole
  if (!whole.startsWith(first) || !whole.endsWith(last)) return false
  let at = first.length
  const end = whole.length - last.length
  for (const piece of kept.slice(1, -1)) {
    const next = whole.indexOf(piece, at)
    if (next < 0) return false
    at = next + piece.length
  }
  return at <= end
}

const words = (text: string): Set<string> => new Set(foldDiacritics(text).split(/\s+/))

/** Capitalised words within a sentence that are no person's name: offices, places, papers, days, in Vietnamese and English. */
const CAPITAL_WORDS = words(
  'ubnd hđnd ủy uỷ ban nhân dân thành phố tp tphcm quận huyện phường xã thị trấn sở bộ cục chi phòng văn trung tâm phục vụ ' +
    'hành chính công một cửa cổng dịch quốc gia bảo hiểm xã hội y tế giáo dục đào tạo tài nguyên môi trường xây dựng giao thông ' +
    'vận tải thuế kho bạc ngân hàng hải quan công an tư pháp hộ tịch địa chính kế hoạch đầu tư lao động thương binh kinh tế ' +
    'quy quản lý đô đất đai luật nghị định thông tư quyết hiến pháp chủ tịch phó giám đốc trưởng đảng đoàn thanh niên mặt trận tổ quốc ' +
    'hội phụ nữ cựu chiến binh việt nam sài gòn hồ chí minh hà nội đà nẵng thủ đức bình thạnh tân phú gò vấp bến thành nghé ' +
    'chánh củ hóc môn cần giờ nhà bè tết nguyên đán vneid zalo facebook google vnpt viettel momo internet qr tháng giêng chạp hai ba tư năm ' +
    'sáu bảy tám chín mười chủ nhật thứ anh chị ông bà cô chú em bạn mẹ cha tôi quầy tầng khu lầu bệnh viện trường chợ cầu đường ' +
    'district ward city people committee department office hall centre center service services the i you we they he she it my ' +
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september ' +
    'october november december english vietnamese vietnam american please thank thanks so if but and not it’s i’m minh châu ' +
    'đông tây nam bắc chi nhánh khoa học nghệ ngoại vụ nội sự du lịch thể thao thông tin truyền lộc tạo phước long thới hòa hiệp ' +
    `vĩnh an lạc hưng sân bay ga sgd thpt thcs online app web sms otp cccd cmnd bhyt bhxh pdf word excel covid cư trú ${CITY.places.join(' ')}`,
)
/** Words of `CAPITAL_WORDS` that are a name if they are alone: Hoa, but not Hòa, which is a place. */
const ALONE_A_NAME = new Set('hoa minh long lộc an châu phước hiệp hưng bình đức nam bắc'.split(' '))
const COUNTED_BEFORE = words('thứ tháng miền khu phía hướng')
const PERSON_AT_START = words('ở tại nói bảo kêu la mắng đòi hẹn trực quầy bàn phòng')
const DIGITS =
  /(?<![\p{L}\d./,-])(?:\d{5,}|\d{1,4}[A-Za-z]?\/\d{1,4}[A-Za-z]?\/\d{1,4}[A-Za-z]?|\d{1,4}[A-Za-z]\/\d{1,4}|\d{1,4}\/\d{1,4}[A-Z])(?![\d.,]*\d|[ \t]?(?:đ|đồng|vnd|vnđ|k|nghìn|ngàn|triệu|dong|người|lượt)(?!\p{L})|[-/]\p{L}{2})/iu
const DATE = /^\d{1,2}\/\d{1,2}\/\d{2,4}$/
const SAYS_NAME =
  /(?<!\p{L})(?:(?:tôi|tui|em|mình|toi|minh)[ \t]+(?:tên|ten)[ \t]+(?:là[ \t]+|la[ \t]+|(?!là|la))|(?:tên|ten)[ \t]+(?:tôi|tui|em|mình|toi|minh)[ \t]+(?:là|la)[ \t]+|my name is[ \t]+|(?:facebook|fb|zalo|nick)[ \t]+(?:tôi|của tôi|tên|là|id)?[ \t]*[:=]?[ \t]+(?=(?:tôi|của tôi|tên|là|id)?[ \t]*[:=]))[\p{L}\d@]/iu
const PAGE = /https?:\/\/(?![\w.-]*(?:\.gov\.vn|\.chinhphu\.vn))|(?<![\w@])www\.(?![\w.-]*\.gov\.vn)/iu
const SMALL_FAMILY =
  /^(?:nguyễn|huỳnh|trịnh|bùi|võ|ngô|đặng|phạm|trương|nguyen|huynh|trinh|tran|pham|vo|bui|ngo)$/
const FORMS_PLAIN = /^(?:anh|chi|co|chu|bac|ong|thay|em|bé|be)$/
const ACTS_PLAIN =
  /^(?:noi|bao|nhan|huong|rat|khong|lam|hen|doi|thu|nói|bảo|nhận|hướng|rất|không|làm|hẹn|đòi)$/

/** Checks whether a word begins a sentence, a line or the text after a mask. */
function beginsSentence(text: string, word: Word): boolean {
  return /(?:^|[.!?:;\n\]“"(•*–-])[ \t]*$/u.test(text.slice(Math.max(0, word.start - 4), word.start))
}

const isName = (word: Word): boolean =>
  word.lower === word.plain
    ? GIVENS_PLAIN.has(word.plain) || SURNAMES_PLAIN.has(word.plain)
    : GIVENS.has(word.lower) || SURNAMES.has(word.lower) || MIDDLES.has(word.lower)

function mayBeName(text: string, all: readonly Word[], at: number, run: readonly Word[]): boolean {
  const first = run[0] as Word
  if (isSurePlace(all, at)) return false
  const before = first.joined ? all[at - 1] : undefined
  if (before && COUNTED_BEFORE.has(before.plain)) return false
  // “Nguyễn Hữu Thọ” is a street after a word for a place, and may be a person elsewhere. “Hà Nội” is never a person.
  if (PLACE_NAMES.has(run.map(({ plain }) => plain).join(' ')))
    return (
      STRONG.has(first.lower) &&
      run.length >= 3 &&
      !/\d[ ,]*$/.test(text.slice(Math.max(0, first.start - 4), first.start))
    )
  if (/^(?:nguyễn|nguyen|huỳnh|huynh)$/.test(first.lower)) return true
  const begins = beginsSentence(text, first)
  if (begins && run.length === 1) {
    const next = all[at + 1]
    return (
      GIVENS.has(first.lower) &&
      next?.joined === true &&
      PERSON_AT_START.has(next.plain) &&
      next.casing === 'lower'
    )
  }
  if (run.length === 1 && ALONE_A_NAME.has(first.lower)) return true
  if (run.some(({ plain }) => CAPITAL_WORDS.has(plain))) return false
  if (begins) return run.slice(1).some(isName)
  return run.length >= 2 || isName(first)
}

function mayBeSmallName([first, second, third]: readonly Word[]): boolean {
  if (first === undefined || second === undefined || !second.joined) return false
  const next = third?.joined ? third : undefined
  if (SMALL_FAMILY.test(first.lower)) {
    const plain = first.lower === first.plain && first.plain !== 'nguyen' && first.plain !== 'huynh'
    return (
      isName(second) &&
      (plain ? next !== undefined && isName(next) && !EVERYDAY_PLAIN.has(second.plain) : true)
    )
  }
  return (
    FORMS_PLAIN.test(first.lower) &&
    second.lower === second.plain &&
    GIVENS_PLAIN.has(second.plain) &&
    !/^(?:thu|tam|chi|chung|cong|bo|can|van|dan|tinh|cuc|phong|so|ban)$/.test(second.plain) &&
    next !== undefined &&
    ACTS_PLAIN.test(next.lower)
  )
}

/** Checks whether a masked comment may still reveal a person: by a name, a number, a page, or words that fit only one. */
export function isDoubtful(text: string): boolean {
  let rest = text.normalize('NFC')
  for (const { start, end } of findPersonal(rest))
    rest = rest.slice(0, start) + ']'.repeat(end - start) + rest.slice(end)
  if (SAYS_NAME.test(rest) || PAGE.test(rest) || tellsWho(rest)) return true
  const [digits] = DIGITS.exec(rest) ?? []
  if (digits !== undefined && !DATE.test(digits)) return true
  const all = wordsOf(rest)
  for (let at = 0; at < all.length; at++) {
    const word = all[at] as Word
    if (word.casing === 'upper') {
      const next = all[at + 1]
      if (
        beginsSentence(rest, word) &&
        GIVENS.has(word.lower) &&
        next?.joined === true &&
        PERSON_AT_START.has(next.plain)
      )
        return true
    } else if (word.casing === 'title') {
      const run = runFrom(all, at, 6)
      // Where every word has a capital, a capital is no sign of a name.
      const inside = at > 0 && all[at - 1]?.casing === 'title' && word.joined
      if (!inside && run.length < 6 && mayBeName(rest, all, at, run)) return true
    } else if (word.casing === 'lower' && mayBeSmallName(all.slice(at, at + 3))) return true
  }
  return false
}
