import { foldDiacritics } from '#lib/text-normalization.ts'
import { ABBREVIATIONS, GIVENS, GIVENS_PLAIN, NO_MIDDLE_PLAIN, SURNAMES } from './addresses-rules.ts'
import type { Found, PersonalKind } from './rules.ts'

// Finds personal data that is disguised or read aloud: numbers in words, spelled addresses, initials, handles.

const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}])`
const END = String.raw`(?![\p{L}\p{M}\p{Nd}])`
const words = (text: string): string[] => text.split(' ')

/** Each is one digit. */
const DIGIT_WORDS = words(
  'không một mốt hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín mười khong mot bon tu nam lam sau bay tam chin muoi ' +
    'zero oh one two three four five six seven eight nine',
)
/** Words that join digits but are no digits. */
const JOINING_WORDS = words('mươi muoi linh lẻ lẽ le double triple')
const IS_DIGIT = new Set(DIGIT_WORDS)
const IS_JOINING = new Set(JOINING_WORDS)
const NUMBER_WORD = `(?:${[...DIGIT_WORDS, ...JOINING_WORDS].join('|')})`
/** A number in words, at most as long as a bank account number. */
const SPOKEN = `${NUMBER_WORD}(?:[ ,.-]{1,2}${NUMBER_WORD}){0,19}`

/** The fewest digits: all in words; words mixed with figures; mixed, but beginning with the zero of a telephone number. */
const FEWEST = { spoken: 6, mixed: 9, phone: 7 } as const
/** Letters typed for digits, next to at least one digit: O9O8, l2B. */
const DIGIT_LIKE = /^(?=.*\d)[\doOQIlsSbBzZ]{2,}$/
const BETWEEN = /^[ \t.,_*/()+·–-]{1,4}$/

interface Piece {
  readonly start: number
  readonly end: number
  /** The number of digits it means; null if it is not part of a number. */
  readonly digits: number | null
  readonly spoken: boolean
  readonly zero: boolean
}

function pieceOf(word: string, start: number): Piece {
  const lower = word.toLowerCase()
  const spoken = IS_DIGIT.has(lower) || IS_JOINING.has(lower)
  const figures = /^\d+$/.test(word) || DIGIT_LIKE.test(word)
  return {
    start,
    end: start + word.length,
    digits: IS_JOINING.has(lower) ? 0 : spoken ? 1 : figures ? word.length : null,
    spoken,
    zero: /^(?:không|khong|zero|oh|[0oO].*)$/.test(lower) || word.startsWith('84'),
  }
}

/** Finds telephone and other numbers in words, in words and figures, or with letters in the place of digits. */
function spokenNumbersIn(text: string): Found[] {
  const found: Found[] = []
  let run: Piece[] = []
  const settle = () => {
    // Trailing joining words are not part of the number.
    while (run.at(-1)?.digits === 0) run.pop()
    const [first, last] = [run[0], run.at(-1)]
    const digits = run.reduce((sum, one) => sum + (one.digits ?? 0), 0)
    const spoken = run.filter((one) => one.spoken).length
    const fewest = spoken === run.length ? FEWEST.spoken : first?.zero ? FEWEST.phone : FEWEST.mixed
    // A single word beside figures may be “năm” for a year: 2025 năm 2026.
    const letters = run.some(({ start, end, spoken: said }) => !said && /\p{L}/u.test(text.slice(start, end)))
    if (first && last && (spoken >= 2 || letters) && digits >= fewest) {
      const phone = first.zero && digits <= 11
      found.push({ start: first.start, end: last.end, kind: phone ? 'phone' : 'number' })
    }
    run = []
  }
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}\d]+/gu)) {
    const piece = pieceOf(word, index)
    const before = run.at(-1)
    if (before && !BETWEEN.test(text.slice(before.end, index))) settle()
    if (piece.digits === null) settle()
    else run.push(piece)
  }
  settle()
  return found
}

const SLASH_WORD = '(?:trên|tren|xuyệt|xuyệc|xuyet|xẹt|xẹc|xet|sẹt|sẹc|suyệt|gạch chéo|gạch|gach|phần)'
const PLATFORM =
  '(?:facebook|fb|zalo|zl|telegram|tele|tiktok|instagram|insta|ig|viber|skype|twitter|threads|wechat|line)'
const MINE = '(?:của|cua|tôi|toi|tui|em|e|mình|minh|mk|là|la|tên|ten|nick|id|acc|my|is|nè)'
/** An account name: with a dot, an underscore or a digit in it. */
const HANDLE = String.raw`(?<![\p{L}\d._@])@?[\p{L}\d]{0,30}(?:[._][\p{L}\d]{1,30}|\p{L}\d)[\p{L}\d._]{0,40}`
const TITLED = String.raw`\p{Lu}[\p{L}\p{M}'’]*`
const FORM_OF_ADDRESS =
  '(?:[Aa]nh|[Cc]hị|[Ôô]ng|[Bb]à|[Cc]ô|[Cc]hú|[Bb]ác|[Ee]m|[Tt]hầy|[Dd]ì|[Cc]ậu|[Tt]ôi là|[Tt]ui là|[Mm]r\\.?|[Mm]s\\.?|[Mm]rs\\.?)'
/** Clans of the Highlands that are no other word, also in small letters. */
const CLAN =
  '(?:êban|eban|niê|nie|k[dđ]ăm|kdam|mlô|mlo|ay[uŭ]n|byă|bya|ksor|kpă|kpa|rmah|rcăm|rcom|adrơng|adrong|bkrông|bkrong|kbuôr|hđơk|hmok|hwing|knul|ktla|ktul|ê[nñ]uôl|enuol|buôn (?:krông|yă|ya)|duôn du|kpuih|bdap)'
/** Words after the letter Y where it means medicine, or “just as”: Y Tế, Y Tá, Y Hệt. */
const NO_NAME_AFTER_Y = `(?:${words('tế dược học khoa sĩ sỹ tá bác án hệt chang lệnh bản như lời và việt')
  .map((word) => `[${word.charAt(0)}${word.charAt(0).toUpperCase()}]${word.slice(1)}|${word.toUpperCase()}`)
  .join('|')})${END}`
/** A word with one capital, at its beginning. */
const CAPITALISED = String.raw`\p{Lu}[\p{Ll}\p{M}]+`

/** The first group is the personal data. Repetitions are bounded, so that time grows only with the text's length. */
const PATTERNS: readonly (readonly [PersonalKind, RegExp])[] = [
  [
    'birth',
    new RegExp(
      `${BEGIN}(?<!học |viên )(?:sinh|sn)(?: ngày| vào| nhằm)?[ :]{1,2}((?:ngày |mùng |mồng |mung )?${SPOKEN}[ ,]{1,2}(?:tháng|thang) ${SPOKEN}(?:[ ,]{1,2}(?:năm|nam) ${SPOKEN})?)${END}`,
      'dgiu',
    ),
  ],
  [
    'birth',
    new RegExp(
      `${BEGIN}(?<!học |viên )(?:sinh năm|sinh nam|năm sinh|sn)[ :]{1,2}(${NUMBER_WORD} ${SPOKEN})${END}`,
      'dgiu',
    ),
  ],
  [
    'address',
    new RegExp(
      `${BEGIN}(?:nhà|nha|số nhà|nhà số|hẻm|hem|ngõ|kiệt|căn|ở(?= (?:số|hẻm|ngõ|kiệt) ))[ ]((?:(?:số|so|hẻm|hem|ngõ|kiệt) )?${SPOKEN} ${SLASH_WORD} ${SPOKEN}(?: ${SLASH_WORD} ${SPOKEN})?(?:,? (?:đường )?${TITLED}(?: ${TITLED}){1,3})?)${END}`,
      'dgu',
    ),
  ],
  ['address', new RegExp(`${BEGIN}(?:số nhà|nhà số|so nha|nha so)[ ](${SPOKEN})${END}`, 'dgiu')],
  [
    'reference',
    new RegExp(
      `${BEGIN}(?:biên nhận|biên lai|hồ sơ|giấy hẹn|bien nhan|ho so|giay hen)(?: (?:số|mã|so|ma|là|la))+[ :]{1,2}(${NUMBER_WORD} ${SPOKEN}(?: ${SLASH_WORD} ${SPOKEN})?)${END}`,
      'dgiu',
    ),
  ],
  // A penalty decision against a person.
  ['reference', new RegExp(`${BEGIN}(\\d{1,6}/(?:\\d{4}/)?QĐ-XP\\p{Lu}*)`, 'dgu')],
  [
    'address',
    new RegExp(
      `${BEGIN}(?:[Nn]hà|[Nn]ha)(?: (?:tôi|toi|em|mình|minh|tui))? (\\d{1,4}[A-Za-z]?/\\d{1,4}(?:[A-Za-z]|/\\d{1,4})?(?: (?:duong )?(?:nguyen|tran|le|pham|phan|vo|bui|dang|huynh|hoang|ly|truong)(?: \\p{Ll}+){1,2})?)${END}`,
      'dgu',
    ),
  ],
  // facebook chấm com gạch chéo tên.tôi
  [
    'link',
    new RegExp(
      `${PLATFORM} (?:chấm|cham|dot) com (?:gạch chéo|gach cheo|xẹt|slash) ([\\p{L}\\d._]{3,40})`,
      'dgiu',
    ),
  ],
  [
    'link',
    new RegExp(
      `${BEGIN}(${HANDLE})(?: ?\\(${PLATFORM}\\)| (?:trên|bên|tren|ben|on) ${PLATFORM}${END})`,
      'dgiu',
    ),
  ],
  ['link', new RegExp(`${BEGIN}${PLATFORM}(?: ${MINE}){0,3}[ :]{1,3}(${HANDLE})`, 'dgiu')],
  // The display name of an account: nick zalo Hương Kẹo Dẻo.
  [
    'link',
    new RegExp(
      `${BEGIN}(?:(?:[Nn]ick|[Aa]cc|[Tt]k|[Tt]ên(?= (?:fb|facebook|zalo|zl|tele|ig|insta|tiktok)))(?: (?:fb|facebook|zalo|zl|tele|ig|insta|tiktok))?|(?:[Ff]b|[Ff]acebook|[Zz]alo|[Zz]l|[Tt]ele|[Ii]g)(?: (?:của|em|e|mình|mk|tôi|tui))+)(?: là| la| tên)?[ :]{1,3}(${TITLED}(?: ${TITLED}){1,4})`,
      'dgu',
    ),
  ],
  // Initials: T.K.L anywhere, L. or PTKL after a form of address.
  ['name', new RegExp(`(?<![\\p{L}\\d.])([BCDĐHLMNPQTV](?:\\.[ABCDĐGHKLMNPQSTUVXY]){2,4})${END}`, 'dgu')],
  // Names of the Highlands: a letter for woman or man, a given name, often a clan: Y Moan Êban, H'Hen Niê Kdăm, A Thút.
  [
    'name',
    new RegExp(`${BEGIN}([YH](?:['’ʼ.-] ?| {1,2})[\\p{L}\\p{M}]+(?:(?:-| {1,2})${CLAN})+)${END}`, 'dgiu'),
  ],
  ['name', new RegExp(`${BEGIN}([HK]['’ʼ] ?${TITLED}(?: ${TITLED}){0,3}|h['’ʼ]\\p{Ll}{2,})`, 'dgu')],
  [
    'name',
    new RegExp(
      `${BEGIN}(?<!(?:[Nn]gành|[Tt]rường|[Hh]ọc|[Kk]hoa|[Ll]ương) )(Y(?:['’ʼ-] ?| {1,2})(?!${NO_NAME_AFTER_Y})${CAPITALISED}(?: {1,2}${TITLED}){0,3})`,
      'dgu',
    ),
  ],
  [
    'name',
    new RegExp(
      `${BEGIN}${FORM_OF_ADDRESS}[ ]([AH] (?!(?:Phòng|Quầy|Tổ|Ban|Bộ|Sở|Công|Ủy|Uỷ|Văn|Bên|Tại)${END})${CAPITALISED})`,
      'dgu',
    ),
  ],
  [
    'name',
    new RegExp(
      `${BEGIN}${FORM_OF_ADDRESS}[ ]([ABCDĐGHKLMNPQSTUVXY](?:\\.?[ABCDĐGHKLMNPQSTUVXY]){0,4})(?![.*_·-]?[\\p{L}\\p{M}\\p{Nd}])`,
      'dgu',
    ),
  ],
  ['name', new RegExp(`${BEGIN}(Y (?!${NO_NAME_AFTER_Y})\\p{Lu}{2,}(?: \\p{Lu}{2,})?)${END}`, 'dgu')],
  // Names that begin with a family name which is in no list: Rơ Châm Hyên.
  [
    'name',
    new RegExp(
      `${BEGIN}((?:Rơ (?:Châm|Lan|Mah)|Ksor|Kpă|Siu|Rmah|Rcom|Rah ?Lan|Zơ Râm|Pơ Loong|Bling|Alăng|A Lăng|Kơ Să|Lơ Mu|Điểu|Cil|(?:Giàng|Sùng|Vàng|Thào|Mùa|Vừ|Hạng|Lầu|Tráng|Sồng|Phàng|Trương|Lý|Hoàng|Lò|Chìu|Tằng|Phùng|Voòng) A) ${TITLED}(?: ${TITLED})?)`,
      'dgu',
    ),
  ],
  // Signatures and names of people from abroad: — Anneke van der Berg, Kim Min-jun.
  [
    'name',
    /(?:^|[\n.!?] ?)[—–]{1,2} ?([A-Z][a-z'’]+(?:[ -](?:[A-Z][a-z'’]+|van|der|den|de|da|la|von|bin|al)){1,4})/dgu,
  ],
  ['name', new RegExp(`${BEGIN}([A-Z][a-z]+ [A-Z][a-z]+-[a-z]{2,})${END}`, 'dgu')],
]

/** A name with separated letters: T.u.ấ.n, L*a*n, N g u y ễ n  V ă n  A n. */
const APART =
  /(?<![\p{L}\p{M}\d])\p{L}(?:([.*_·-])\p{L}(?:\1\p{L}){1,6}|(?: \p{Ll}){1,6}(?: {1,3}\p{Lu}(?: \p{Ll}){0,6}){0,3})(?![\p{L}\p{M}\d])/gu

function apartIn(text: string): Found[] {
  return [...text.matchAll(APART)].flatMap(({ 0: match, 1: sign, index }) => {
    const parts = sign === undefined ? match.split(/ +(?=\p{Lu})/u) : [match]
    const known = parts.map((part) => part.replace(/[^\p{L}]/gu, '').toLowerCase())
    // “Q u á” is emphasis, not a name.
    return known.some((one) => one.length >= 2 && (GIVENS.has(one) || SURNAMES.has(one))) && match.length >= 5
      ? [{ start: index, end: index + match.length, kind: 'name' as const }]
      : []
  })
}

/** A shortened family and middle name before a whole given name: ng v bình, Ng. Văn Khải, Tr. Thị Mỹ. */
const CUT_SHORT =
  /(?<![\p{L}\p{M}\d.])(?:ngx?|tr|ph|hg|(?:ngx?|tr|ph|h|l|đ|b|v|p|t)\.)[ ]?(văn|van|thị|thi|th|v|t)\.?[ ]+([\p{L}\p{M}]+)/giu

function cutShortIn(text: string): Found[] {
  return [...text.matchAll(CUT_SHORT)].flatMap(({ 0: match, 1: middle = '', 2: given = '', index }) => {
    const plain = given.toLowerCase()
    const isName =
      (GIVENS.has(plain) || GIVENS_PLAIN.has(plain)) &&
      !NO_MIDDLE_PLAIN.has(foldDiacritics(`${middle} ${given}`).replace(' ', '_'))
    return isName ? [{ start: index, end: index + match.length, kind: 'name' as const }] : []
  })
}

const DOT = String.raw`(?: ?\. ?| ?\(\.\) ?| ?\[\.\] ?| ?\(dot\) ?| ?\(chấm\) ?| (?:chấm|cham|dot) )`
const AT =
  /@|\((?:at|a|a còng)\)|\[(?:at|a)\]|(?<![\p{L}\p{M}\d])(?:a[ -]?(?:còng|cong|vòng|móc|moc|khoanh)|at)(?![\p{L}\p{M}\d])/giu
const PROVIDER =
  'gmail|gờ[ -]?(?:meo|mail)|go meo|g[ -]?(?:mail|meo)|yahoo|ya ?hu|hotmail|outlook|icloud|proton(?:mail)?'
const LOCAL = new RegExp(
  `(?<![\\p{L}\\p{M}\\d._+-])[\\p{L}\\p{M}\\d_+-]+(?:(?:${DOT}| (?:gạch dưới|gach duoi) )[\\p{L}\\p{M}\\d_+-]+){0,6} ?$`,
  'iu',
)
const SAID_LOCAL =
  /(?:e-?mail|gmail|mail)(?:[ :]+(?:của|cua|em|e|tôi|toi|tui|mình|mk|là|la))*[ :]+([^,.:;!?\n]{1,50})$/iu
const HOST = new RegExp(
  `^ ?(?:(?:${PROVIDER})(?:${DOT}[\\p{L}\\p{M}]{2,6}){0,2}|[\\p{L}\\d-]{1,30}(?:${DOT}[\\p{L}\\p{M}]{2,6}){1,3})(?![\\p{L}\\p{M}\\d])`,
  'iu',
)
/** “At” is also an ordinary word, so a provider or a spoken dot must follow it. */
const SAID_HOST = new RegExp(
  `^(?: (?:${PROVIDER})(?![\\p{L}\\d])|.{1,40}(?:[ (](?:dot|chấm|cham)[ )]))`,
  'iu',
)

/** Finds spelled e-mail addresses: khoa chấm le a còng gờ meo, bao.tran (a) gmail (.) com. */
function spelledMailIn(text: string): Found[] {
  return [...text.matchAll(AT)].flatMap(({ 0: match, index }) => {
    const after = index + match.length
    const [host] = HOST.exec(text.slice(after, after + 80)) ?? []
    if (host === undefined || (/^at$/i.test(match) && !SAID_HOST.test(text.slice(after, after + 60))))
      return []
    const before = text.slice(Math.max(0, index - 70), index)
    const local = (match === '@' ? undefined : SAID_LOCAL.exec(before)?.[1]) ?? LOCAL.exec(before)?.[0]
    return local === undefined
      ? []
      : [{ start: index - local.length, end: after + host.length, kind: 'email' as const }]
  })
}

function patternsIn(text: string): Found[] {
  const found: Found[] = []
  for (const [kind, pattern] of PATTERNS)
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? [0, 0]
      const value = text.slice(start, end)
      if (kind === 'name' && ABBREVIATIONS.has(value.replaceAll('.', ''))) continue
      found.push({ start, end, kind })
    }
  return found
}

/** Finds disguised or spoken personal data. Of overlapping findings the first is kept. */
export function disguisedIn(text: string): Found[] {
  const found: Found[] = []
  for (const one of [
    ...spelledMailIn(text),
    ...patternsIn(text),
    ...spokenNumbersIn(text),
    ...apartIn(text),
    ...cutShortIn(text),
  ])
    if (one.end > one.start && !found.some((other) => other.start < one.end && one.start < other.end))
      found.push(one)
  return found
}
