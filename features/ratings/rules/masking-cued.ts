import { foldDiacritics } from '#lib/text-normalization.ts'
import { GIVENS, GIVENS_PLAIN, MIDDLES_PLAIN, SURNAMES, SURNAMES_PLAIN } from './masking-gazetteer.ts'
import { type Word, wordsOf } from './masking-words.ts'
import type { Found } from './masks.ts'

const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}])`
const MINE = '(?:[ \\t]+(?:của[ \\t]+)?(?:tôi|tui|em|mình|toi|nhà tôi|cháu|tao))'
const KIN =
  'vợ|chồng|con gái|con trai|con rể|con dâu|con|em trai|em gái|em|anh trai|chị gái|anh|chị|mẹ|má|ba|bố|cha|ông|bà|bạn|cháu|cô|chú|dì|cậu|hàng xóm|ông xã|bà xã'

interface Cue {
  readonly pattern: RegExp
  /** Tells whether small letters may be a name behind it, where they are known names. */
  readonly small: boolean
  /** The names behind it that count: all, known ones, or known ones written without marks as the cue is. */
  readonly names: 'all' | 'known' | 'plain'
}

const cue = (words: string, names: Cue['names'] = 'all', { small = false } = {}): Cue => ({
  pattern: new RegExp(`${BEGIN}(?:${words})[ \\t]*[:,]?[ \\t]+`, 'giu'),
  small,
  names,
})

/** The words that say that a name follows; the longer first, as the first that finds one decides. */
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
  cue("my name is|i am|i'm|i’m|this is|signed(?: by)?|named|call me"),
  cue('ký tên|kính đơn|kính thư|người (?:nộp|viết|gửi|làm đơn|khai|đứng tên|phản ánh|góp ý)|tên'),
  // Cues about other people.
  cue(`(?:${KIN})${MINE}(?:[ \\t]+(?:tên(?:[ \\t]+là)?|là|bé|cu|ông|bà|anh|chị))?`),
  cue(
    'cảnh sát khu vực|cskv|csgt|bé|cu|thằng|nhỏ|con bé|thằng bé|hàng xóm|thư ký|phó|lái xe|phiên dịch|cô giáo|bảo vệ|hộ tịch|địa chính',
  ),
  cue(
    'mr\\.?|mrs\\.?|ms\\.?|miss|sir|madam|dr\\.?|officer|clerk|inspector|staff(?: member)?|guard|manager|cashier|lady named',
  ),
  cue('my (?:husband|wife|son|daughter|mother|father|friend|neighbou?r|brother|sister|boss|lawyer)'),
  // Without marks.
  cue(
    'anh|chi|ong|ba|co|chu|bac|em|thay|ban|di|cau|chau|can bo|cong chuc|nhan vien|chuyen vien|giam doc|chu tich|truong phong|to truong|bao ve|vo toi|chong toi|con toi|me toi|ba toi|be',
    'plain',
  ),
  // Cut short, and names of pages.
  cue('a|c|a\\.|c\\.|ô|nv|cb|cv|zalo|facebook|fb|nick', 'known'),
]
const SMALL_PLAIN = new RegExp(
  `${BEGIN}(?:anh|chi|ong|co|chu|bac|em)[ \\t]+(\\p{Ll}+)[ \\t]+(?:o|tai|ben)[ \\t]+(?:quay|ban|phong|cua|bo phan)`,
  'gu',
)

/** Words with a capital that may follow a cue and are no name. */
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

function nameBehind(words: readonly Word[], at: number, { small, names }: Cue): Word[] {
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
      if (NO_NAME.has(word.plain) && !within) break
      if (first.casing === 'upper' && !isKnown(word)) break
      name.push(word)
    }
    const [named] = name
    if (named === undefined || names === 'all') return name
    const counts = names === 'known' ? isListed(named) : isKnown(named) && named.lower === named.plain
    return counts ? name : []
  }
  if (!small || first.casing !== 'lower') return []
  // In small letters a name counts only as a family name with known names behind it.
  if (!SURNAMES_PLAIN.has(first.plain)) return []
  for (let next = at; name.length < MOST; next++) {
    const word = words[next]
    if (word === undefined || word.casing !== 'lower' || (next > at && (!word.joined || !isKnown(word))))
      break
    name.push(word)
  }
  return name.length >= 2 ? name : []
}

/** Finds names behind a word that says so: of oneself, of one's kin, of an official, in Vietnamese with and without marks and in English. */
export function cuedNamesIn(text: string): Found[] {
  const words = wordsOf(text)
  const starts = new Map(words.map(({ start }, index) => [start, index]))
  const found: Found[] = []
  for (const one of CUES) {
    for (const { 0: match, index } of text.matchAll(one.pattern)) {
      const at = starts.get(index + match.length)
      // Within a name itself: the Chi of Ho Chi Minh.
      if (one.names !== 'all' && /\p{Lu}\p{Ll}+ $/u.test(text.slice(Math.max(0, index - 12), index))) continue
      const name = at === undefined ? [] : nameBehind(words, at, one)
      const [first, last] = [name[0], name.at(-1)]
      if (first === undefined || last === undefined) continue
      const overlaps = found.some((other) => other.start < last.end && first.start < other.end)
      if (!overlaps) found.push({ start: first.start, end: last.end, kind: 'name' })
    }
  }
  for (const { 0: match, 1: name = '', index } of text.matchAll(SMALL_PLAIN)) {
    const start = index + match.indexOf(` ${name}`) + 1
    const overlaps = found.some((other) => other.start < start + name.length && start < other.end)
    if (GIVENS_PLAIN.has(name) && !overlaps) found.push({ start, end: start + name.length, kind: 'name' })
  }
  return found
}
