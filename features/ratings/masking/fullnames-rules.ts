import { foldDiacritics } from '#lib/text-normalization.ts'
import {
  EVERYDAY_PLAIN,
  GIVENS,
  GIVENS_PLAIN,
  isSureMiddle,
  MIDDLES,
  MIDDLES_PLAIN,
  NO_MIDDLE_PLAIN,
  PLACE_NAMES,
  STRONG,
  STRONG_PLAIN,
  SURNAMES,
  SURNAMES_PLAIN,
} from './addresses-rules.ts'
import { runFrom, type Word, wordsOf } from './names-rules.ts'
import type { Found } from './rules.ts'

const NAME_MOST = 5

/** Words, without marks, after which a name is the name of a place. */
const PLACE_BEFORE = new Set(
  (
    'duong pho cau truong vien cho cong phuong quan xa huyen hem ngo tu ba xoay binh dai lo ben xe chua rap tho cu nha ' +
    'kenh thpt thcs hoc non tp thanh street road khu ap thon tinh ga tt toa chung hamlet ward'
  ).split(' '),
)
/** Words for a ward or district. After an official’s title (“chủ tịch phường”) they come before a name, not before a place. */
const WARD_BEFORE = new Set(['phuong', 'quan', 'xa', 'huyen'])
const OFFICE_BEFORE = new Set(['tich', 'thu', 'truong', 'pho'])
const AT_BEFORE = new Set(
  'o tai tu qua tren ben gan den ve truoc ra vao toi giao ngang near at on from'.split(' '),
)
const PLACE_AFTER = new Set(
  'street st road rd district ward bridge market park hospital school university city avenue'.split(' '),
)

/** Returns the number of words of the place name at the beginning of a run; 0 if there is none. */
function placeLength(run: readonly Word[]): number {
  for (let length = run.length; length >= 2; length--) {
    if (
      PLACE_NAMES.has(
        run
          .slice(0, length)
          .map(({ plain }) => plain)
          .join(' '),
      )
    )
      return length
  }
  return 0
}

function isPlace(words: readonly Word[], at: number, run: readonly Word[]): boolean {
  const first = words[at]
  const before = first?.joined ? words[at - 1] : undefined
  const after = words[at + run.length]
  if (after?.joined && PLACE_AFTER.has(after.lower)) return true
  const known = placeLength(run)
  if (before !== undefined && PLACE_BEFORE.has(before.plain)) {
    const office = words[at - 2]
    // “Ngã ba” is a place, but “ba” alone may be “bà” without its mark, before a person.
    if (/^(?:ba|tu)$/.test(before.plain) && office?.plain !== 'nga') return known > 0
    // “Chủ tịch phường Ngô Quang Hiệp” names a person, “công an phường Võ Thị Sáu” a ward.
    return !(WARD_BEFORE.has(before.plain) && office && OFFICE_BEFORE.has(office.plain) && known === 0)
  }
  return known > 0
}

/** Checks whether the word before a name shows that it is a place, such as “at” or “street”. */
export function isSurePlace(words: readonly Word[], at: number): boolean {
  const before = words[at]?.joined ? words[at - 1] : undefined
  return before !== undefined && (AT_BEFORE.has(before.plain) || PLACE_BEFORE.has(before.plain))
}

interface Lists {
  readonly surnames: ReadonlySet<string>
  readonly strong: ReadonlySet<string>
  readonly known: (word: Word) => boolean
  readonly key: (word: Word) => string
}
const MARKED: Lists = {
  surnames: SURNAMES,
  strong: STRONG,
  known: ({ lower }) => MIDDLES.has(lower) || GIVENS.has(lower),
  key: ({ lower }) => lower,
}
const PLAIN: Lists = {
  surnames: SURNAMES_PLAIN,
  strong: STRONG_PLAIN,
  known: ({ plain }) => MIDDLES_PLAIN.has(plain) || GIVENS_PLAIN.has(plain),
  key: ({ plain }) => plain,
}

/** Returns the index of the first word, from `from` on, that is no known name; the run's length if all are known. */
function knownFrom(run: readonly Word[], from: number, lists: Lists): number {
  let count = from
  while (count < run.length && lists.known(run[count] as Word)) count++
  return count
}

/** Returns how many of some capitalised words form a name: a family name and all words after it; 0 if there is none. */
function titleLength(run: readonly Word[], lists: Lists): number {
  const [first, second] = run
  if (first === undefined || second === undefined || !lists.surnames.has(lists.key(first))) return 0
  const strong = lists.strong.has(lists.key(first)) && !(lists === PLAIN && EVERYDAY_PLAIN.has(first.plain))
  if (isSureMiddle(lists.key(second)) && run.length >= 3) return run.length
  const known = run.slice(1).filter(lists.known).length
  if (run.length >= 3) return known >= (strong ? 1 : run.length - 1) ? run.length : 0
  if (strong) return lists === MARKED || lists.known(second) ? 2 : 0
  // “Hà Lan” begins like a name too. Two words count only if the first is no everyday word and the second is a given name.
  return lists === MARKED && GIVENS.has(second.lower) && !EVERYDAY_PLAIN.has(first.plain) ? 2 : 0
}

/** Returns how many words in all capitals form a name, which ends before the first word that is no known name. */
function upperLength(run: readonly Word[], lists: Lists): number {
  const [first, second] = run
  if (first === undefined || second === undefined || !lists.surnames.has(lists.key(first))) return 0
  const sure = isSureMiddle(lists.key(second))
  const known = knownFrom(run, 1, lists)
  if (sure && run.length >= 3) {
    if (EVERYDAY_PLAIN.has(first.plain) && lists === PLAIN && known < 3) return 0
    return Math.min(run.length, NAME_MOST, Math.max(3, known))
  }
  if (known >= 3) return Math.min(known, NAME_MOST - 1)
  return known === 2 && lists === MARKED && lists.strong.has(lists.key(first)) ? 2 : 0
}

/** Returns how many words in small letters form a name, which needs a sure middle name or one of the surest family names. */
function lowerLength(run: readonly Word[], lists: Lists): number {
  const [first, second, third] = run
  if (first === undefined || second === undefined || third === undefined) return 0
  if (!lists.surnames.has(lists.key(first))) return 0
  const known = knownFrom(run, 1, lists)
  if (isSureMiddle(lists.key(second))) {
    const everyday = EVERYDAY_PLAIN.has(first.plain) && lists === PLAIN
    if (
      NO_MIDDLE_PLAIN.has(`${second.plain}_${third.plain}`) &&
      (everyday || !lists.strong.has(lists.key(first)))
    )
      return 0
    if (everyday && !lists.known(third)) return 0
    return Math.max(3, Math.min(known, NAME_MOST))
  }
  const surest = lists === MARKED ? STRONG.has(first.lower) : /^(?:nguyen|huynh|trinh|bui)$/.test(first.plain)
  return surest && known >= 3 ? Math.min(known, 4) : 0
}

const LENGTH = { title: titleLength, upper: upperLength, lower: lowerLength, other: () => 0 } as const

/** Finds whole names by their family name, without a form of address, with and without marks and capitals. */
export function fullNamesIn(text: string): Found[] {
  const words = wordsOf(text)
  const found: Found[] = []
  for (let at = 0; at < words.length; at++) {
    const first = words[at] as Word
    if (!SURNAMES_PLAIN.has(first.plain)) continue
    const run = runFrom(words, at, NAME_MOST + 1)
    const bare = run.every(({ lower, plain }) => lower === plain)
    const length = Math.max(
      LENGTH[first.casing](run, MARKED),
      bare || barePart(run) >= 3
        ? LENGTH[first.casing](run.slice(0, bare ? run.length : barePart(run)), PLAIN)
        : 0,
    )
    if (length < 2) continue
    const name = run.slice(0, length)
    if (isPlace(words, at, name)) {
      at += Math.max(placeLength(name), 2) - 1
      continue
    }
    const last = name.at(-1) as Word
    found.push({ start: first.start, end: last.end, kind: 'name' })
    at += length - 1
  }
  return found
}

/** Counts the words at the beginning of a run that are written without marks. */
function barePart(run: readonly Word[]): number {
  let count = 0
  while (count < run.length && run[count]?.lower === run[count]?.plain) count++
  return count
}

const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}])`
const MINE = '(?:[ \\t]+(?:của[ \\t]+)?(?:tôi|tui|em|mình|toi|nhà tôi|cháu|tao))'
const KIN =
  'vợ|chồng|con gái|con trai|con rể|con dâu|con|em trai|em gái|em|anh trai|chị gái|anh|chị|mẹ|má|ba|bố|cha|ông|bà|bạn|cháu|cô|chú|dì|cậu|hàng xóm|ông xã|bà xã'

interface Cue {
  readonly pattern: RegExp
  /** True if words in small letters after it may be a name, if they are known names. */
  readonly small: boolean
  /** An English cue: a word of `NO_NAME` may then be a given name, as in “Officer Thanh”. */
  readonly english: boolean
  /** Which names after it count: all, known ones, or known ones written without marks, as the cue is. */
  readonly names: 'all' | 'known' | 'plain'
}

const cue = (words: string, names: Cue['names'] = 'all', { small = false, english = false } = {}): Cue => ({
  pattern: new RegExp(`${BEGIN}(?:${words})[ \\t]*[:,]?[ \\t]+`, 'giu'),
  small,
  english,
  names,
})

/** Words that announce a name. The longer come first, as the first that finds a name decides. */
const CUES: readonly Cue[] = [
  // Cues about the writer.
  cue(
    '(?:tôi|tui|em|mình|cháu)[ \\t]+tên(?:[ \\t]+là)?|tên[ \\t]+(?:của[ \\t]+)?(?:tôi|tui|em|mình|cháu)(?:[ \\t]+là)|(?:tui|mình|em)[ \\t]+là',
    'all',
    { small: true },
  ),
  cue(
    '(?:toi|tui|em|minh)[ \\t]+ten(?:[ \\t]+la)?|ten[ \\t]+(?:toi|em|minh)(?:[ \\t]+la)?|(?:toi|tui|em)[ \\t]+la',
    'plain',
    {
      small: true,
    },
  ),
  cue("my name(?:'s|’s| is)|i am|i'm|i’m|this is|signed(?: by)?|named|called|call me"),
  cue(
    'ký tên(?: dưới đây)?|kính đơn|kính thư|trân trọng|thân mến|regards|sincerely|người (?:nộp|viết|gửi|làm đơn|khai|đứng tên|phản ánh|góp ý)|tên',
  ),
  // Cues about other people.
  cue(`(?:${KIN})${MINE}(?:[ \\t]+(?:tên(?:[ \\t]+là)?|là|bé|cu|ông|bà|anh|chị))?`),
  cue(
    'cảnh sát khu vực|cskv|csgt|bé|cu|thằng|nhỏ|con bé|thằng bé|hàng xóm|thư ký|phó|lái xe|phiên dịch|cô giáo|bảo vệ|hộ tịch|địa chính',
  ),
  cue(
    'mr\\.?|mrs\\.?|ms\\.?|miss|sir|madam|dr\\.?|officer|clerk|inspector|staff(?: member)?|guard|manager|cashier|lady named',
    'all',
    { english: true },
  ),
  cue('my (?:husband|wife|son|daughter|mother|father|friend|neighbou?r|brother|sister|boss|lawyer)'),
  // Without marks.
  cue(
    'anh|chi|ong|ba|co|chu|bac|em|thay|ban|di|cau|chau|can bo|cong chuc|nhan vien|chuyen vien|giam doc|chu tich|truong phong|to truong|bao ve|vo toi|chong toi|con toi|me toi|ba toi|be',
    'plain',
  ),
  // Short forms of address, and social networks.
  cue('a|c|a\\.|c\\.|ô|nv|cb|cv|zalo|facebook|fb|nick', 'known'),
]
const SMALL_PLAIN = new RegExp(
  `${BEGIN}(?:anh|chi|ong|co|chu|bac|em)[ \\t]+(?:(\\p{Ll}+)[ \\t]+(?:o|tai|ben)[ \\t]+(?:quay|ban|phong|cua|bo phan)|(\\p{Ll}+[ \\t]+\\p{Ll}+)[ \\t]+(?:(?:o|tai|ben)[ \\t]+)?(?:quay|ban|phong|bo phan)[ \\t]+(?:so[ \\t]+)?(?:\\d|ho tich|tu phap|dia chinh|thue))`,
  'gu',
)

/** Capitalised words that may follow a cue but are no name. */
const NO_NAME = new Set(
  foldDiacritics(
    'the a an and i you we they he she it my your our his her vietnamese vietnam english american british french german korean ' +
      'japanese chinese monday tuesday wednesday thursday friday saturday sunday january february march april may june july ' +
      'august september october november december district ward city hall counter office department desk room not very so ' +
      'happy sorry glad from at in on who what when why how please thank thanks good bad ' +
      'quận phường xã huyện sở phòng ban bộ ubnd tp tphcm thành phố việt công chi cục trung tâm văn hội ủy quầy cổng một ' +
      'không chưa rất đã đang sẽ có là và với nên vì do bị được cũng thì mà nói của trên giấy con cha bà ông anh chị em cô chú ' +
      'bác người dân các những mọi cán chủ giám trưởng phó tổ khu lễ tiếp hộ địa tư kế tôi chúng nhiệt hướng thái làm ' +
      'giấy hồ đường cảm xin tốt nhanh chậm quá lắm kính cha mẹ nhà vậy này kia ấy đó nào',
  ).split(' '),
)
const MOST = 4

function nameBehind(words: readonly Word[], at: number, { small, english, names }: Cue): Word[] {
  const first = words[at]
  if (first === undefined) return []
  const isKnown = ({ lower, plain }: Word) =>
    GIVENS_PLAIN.has(plain) || (lower === plain && (SURNAMES_PLAIN.has(plain) || MIDDLES_PLAIN.has(plain)))
  const isListed = ({ lower }: Word) => GIVENS.has(lower) || SURNAMES.has(lower)
  const name: Word[] = []
  if (first.casing === 'title' || first.casing === 'upper') {
    for (let next = at; name.length < MOST; next++) {
      const word = words[next]
      if (word === undefined || (next > at && !word.joined) || word.casing !== first.casing) break
      const within = name.length > 0 && /^(?:anh|em|an)$/.test(word.lower)
      const given = english && word.lower === word.plain && GIVENS_PLAIN.has(word.plain)
      if (NO_NAME.has(word.plain) && !within && !given) break
      if (first.casing === 'upper' && !isKnown(word)) break
      name.push(word)
    }
    const [named] = name
    if (named === undefined || names === 'all') return name
    const counts = names === 'known' ? isListed(named) : isKnown(named) && named.lower === named.plain
    return counts ? name : []
  }
  if (!small || first.casing !== 'lower') return []
  // In small letters a name counts only as a family name with known names after it.
  if (!SURNAMES_PLAIN.has(first.plain)) return []
  for (let next = at; name.length < MOST; next++) {
    const word = words[next]
    if (word === undefined || word.casing !== 'lower' || (next > at && (!word.joined || !isKnown(word))))
      break
    name.push(word)
  }
  return name.length >= 2 ? name : []
}

/** Finds names after a cue: of the writer, of relatives, of officials, in Vietnamese with and without marks and in English. */
export function cuedNamesIn(text: string): Found[] {
  const words = wordsOf(text)
  const starts = new Map(words.map(({ start }, index) => [start, index]))
  const found: Found[] = []
  for (const one of CUES) {
    for (const { 0: match, index } of text.matchAll(one.pattern)) {
      const at = starts.get(index + match.length)
      // The cue is itself part of a name: the Chi of Ho Chi Minh.
      if (one.names !== 'all' && /\p{Lu}\p{Ll}+ $/u.test(text.slice(Math.max(0, index - 12), index))) continue
      const name = at === undefined ? [] : nameBehind(words, at, one)
      const [first, last] = [name[0], name.at(-1)]
      if (first === undefined || last === undefined) continue
      const overlaps = found.some((other) => other.start < last.end && first.start < other.end)
      if (!overlaps) found.push({ start: first.start, end: last.end, kind: 'name' })
    }
  }
  for (const { 0: match, 1: one, 2: two = '', index } of text.matchAll(SMALL_PLAIN)) {
    const name = one ?? two
    const start = index + match.indexOf(` ${name}`) + 1
    const overlaps = found.some((other) => other.start < start + name.length && start < other.end)
    const known = name.split(/[ \t]+/).every((word) => GIVENS_PLAIN.has(word) || MIDDLES_PLAIN.has(word))
    if (known && !overlaps) found.push({ start, end: start + name.length, kind: 'name' })
  }
  return found
}
