import type { Found } from './masks.ts'

const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}/.-])`
const END = String.raw`(?![\p{L}\p{M}\p{Nd}])`
/**
 * Returns the pattern of keywords in small or capital letters. The flag for it would let a street's name begin
 * with a small letter too.
 */
const either = (words: string): string =>
  words.replace(/\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`)

/** A house's number, as 12, 12A, 12/5/7B. */
const HOUSE = String.raw`\d{1,4}[A-Za-z]?\d?(?:\/\d{1,4}[A-Za-z]?\d?)*`
const SLASHED = String.raw`\d{1,4}[A-Za-z]?(?:\/\d{1,4}[A-Za-z]?\d?)+`
const TITLED = String.raw`\p{Lu}[\p{L}\p{M}]*`
const ROAD = String.raw`(?:(?:[Đđ]ường|[Dd]uong|[Pp]hố|[Hh]ẻm|[Hh]em|[Nn]gõ|[Nn]go|[Kk]iệt)[ ]+(?:số |so )?(?:${HOUSE}|${TITLED})(?:[ ]+(?:${TITLED}|\d{1,2}(?![\d/.])))*|${TITLED}(?:[ ]+(?:${TITLED}|\d{1,2}(?![\d/.])))+)`
const ROAD_MAYBE = `(?:[ ]*,?[ ]+${ROAD})?`
/** The parts of an address that may follow, down to the hamlet; the ward and larger areas stay. */
const HAMLET = String.raw`(?:[ ]*,?[ ]+(?:tổ|to|khu phố|kp|khu pho|ấp|ap)[ ]+\d{1,3}${END})*`

const PATTERNS: readonly RegExp[] = [
  // Behind a word for a home: nhà số 45 Lý Chính Thắng, số nhà 12/5, căn hộ B12-05.
  new RegExp(
    `${BEGIN}${either('(?:số nhà|so nha|nhà số|nha so)')}[ :]{1,2}(${HOUSE}${END}${ROAD_MAYBE}${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}${either('(?:nhà|nha)(?: (?:tôi|toi|em|mình|cháu|cô tôi|ba tôi|mẹ tôi))?(?: (?:ở|o|tại))?')}[ ]+((?:[Ss]ố|[Ss]o)[ ]+${HOUSE}${END}${ROAD_MAYBE}${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}${either('(?:căn hộ|can ho|căn|apartment|flat|unit)(?: (?:số|so|no))?')}[ ]+((?:[A-Za-z]\\d{0,2}[-./]?)?\\d{1,4}(?:[-./]\\d{1,3})*[A-Z]?|[A-Za-z]{1,2}[-.]?\\d{1,4}(?:[-./]\\d{1,3})*${END}(?:[ ]*,[ ]*${HOUSE}[ ]+${ROAD})?)`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}(${either('(?:lô|lo|block|phòng|phong|tầng|tang|căn|can)')}[ ]+(?=[\\p{L}]{0,2}\\d|[A-Z][ ,])[\\p{L}]?\\d{0,5}[\\p{L}]?[ ]*,?[ ]+${either('(?:chung cư|chung cu)')}(?:[ ]+${TITLED})*)`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}(?:chung cư|chung cu|c\\/c)[ ]+(${TITLED}(?:[ ]+(?:${TITLED}|\\d{1,2}))*[ ]*,?[ ]+(?:căn|can|lô|lo|block|tầng|phòng)[ ]+[\\p{Lu}]?\\d*(?:[-./]\\d+)*)`,
    'dgu',
  ),
  // A number and a street.
  new RegExp(`${BEGIN}((?:(?:số|so|Số|So)[ ]+)?${SLASHED}${END}[ ]*,?[ ]*${ROAD})`, 'dgu'),
  new RegExp(
    `${BEGIN}((?:[Ss]ố|[Ss]o)[ ]+${HOUSE}${END}[ ]*,?[ ]+(?:(?:tổ|ngõ|hẻm)[ ]+\\d{1,4}${END}|${ROAD})${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}${either('(?:ở|o|tại|ngụ|trú|địa chỉ|địa chỉ của tôi|dia chi|về|ra|đến|tới|sống|live at|live in|lives at|living at|house is at|address is|house at|home at)')}[ :]{1,3}(?:số |so )?(${HOUSE}${END}[ ]*,?[ ]+${ROAD}${HAMLET}(?:[ ]+(?:Street|St|Road|Rd)${END})?)`,
    'dgu',
  ),
  // Alleys, hamlets, groups of houses.
  new RegExp(
    `${BEGIN}((?:[Hh]ẻm|[Hh]em|[Nn]gõ|[Nn]gách|[Kk]iệt|[Aa]lley)[ ]+(?:số |so )?${HOUSE}${END}${ROAD_MAYBE}${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}((?:[Tt]ổ|[Tt]o)[ ]+(?:dân phố |nhân dân )?\\d{1,3}[ ]*,?[ ]+(?:khu phố|kp|khu pho|ấp|ap|tổ|thôn)[ ]+\\d{1,3}[A-Z]?)${END}`,
    'dgu',
  ),
  new RegExp(`(?<=(?:[Kk]hu phố|[Kk]p|[Ấấ]p)[ ]+\\d{1,2}[^.\\n]{1,40})${BEGIN}(tổ[ ]+\\d{1,3})${END}`, 'dgu'),
  new RegExp(`${BEGIN}((?:[Ấấ]p|[Aa]p)[ ]+\\d{1,2}[A-Z]?)${END}`, 'dgu'),
  new RegExp(`${BEGIN}([Ấấ]p[ ]+${TITLED}(?:[ ]+${TITLED})*)`, 'dgu'),
  // Without a street, after words that say where a person lives.
  new RegExp(
    `(?<=${BEGIN}(?:tôi|toi|em|mình|nhà|gia đình tôi|cháu|nha)[ ]+(?:trong |ở |o |nhà ở |tạm trú |thường trú |ngụ |tại )+)(${SLASHED})${END}`,
    'dgiu',
  ),
]

/** A public office's address, which all may read. */
const OFFICE =
  /(?<!\p{L})(?:trụ sở|ubnd|ủy ban|uỷ ban|văn phòng|bưu điện|chi cục|chi nhánh|trung tâm|bệnh viện|kho bạc|ngân hàng|cơ quan|đồn công an|công an|tòa án|toà án|sở [\p{L} ]{2,30}|office|hall|hospital|bank)(?:[ \t]+[\p{L}\p{Nd}]+){0,4}?[ \t]*,?[ \t]*(?:nằm |đặt |đóng )?(?:ở|tại|số|địa chỉ|trên|is at|at|,|\()?[ \t]*(?:số)?[ \t]*$/iu

/** Tells whether the words before an address say that it is an office's. */
export const isOffice = (text: string, start: number): boolean =>
  OFFICE.test(text.slice(Math.max(0, start - 70), start))

/** Finds where a person lives: house, flat, alley, hamlet, with the street; the ward and larger areas stay. */
export function addressesIn(text: string): Found[] {
  const found: Found[] = []
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? [0, 0]
      if (end <= start || found.some((other) => other.start < end && start < other.end)) continue
      if (isOffice(text, start)) continue
      found.push({ start, end, kind: 'address' })
    }
  }
  return found
}
