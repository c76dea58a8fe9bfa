import type { Found, PersonalKind } from './masks.ts'

const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}])`
const END = String.raw`(?![\p{L}\p{M}\p{Nd}])`
const GAP = String.raw`[ \t]*[:.]?[ \t]*`

/** A day in figures or in words, or a year alone. */
const DAY = String.raw`(?:\d{1,2}[ ]?[-./][ ]?\d{1,2}[ ]?[-./][ ]?\d{2,4}|\d{1,2} tháng \d{1,2}(?: năm \d{4}|[-./]\d{4})?|\d{1,2} thang \d{1,2}(?: nam \d{4})?|\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august|september|october|november|december),? \d{4}|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}[-./]\d{4}|(?:19|20)\d\d)`
/** A number of a file: with letters, a stroke or a dash in it, or of at least three digits. */
const NUMBER = String.raw`(?:(?:[\p{L}]{1,5}[ ]?[-./]?[ ]?)?\d{2,}(?:[-./][\p{L}\d]+)*|[\p{L}\d]+(?:[-./][\p{L}\d]+)*[-./]\d{2,}(?:[-./][\p{L}\d]+)*|\d+[\p{L}]+\d+)`
const FILE_NUMBER = String.raw`(?:[\p{L}\d]+[-./])+[\p{L}\d]*\d{3,}[\p{L}\d]*(?:[-./][\p{L}\d]+)*|\d{3,}[-./][\p{L}\d]+(?:[-./][\p{L}\d]+)*|\p{Lu}{1,3} \d{5,6}|[A-Z]{2,5}\d{3,}`

/** Each with the words before what it finds, which stay. */
const PATTERNS: readonly (readonly [PersonalKind, RegExp])[] = [
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
    /(?<![\p{L}\p{Nd}])(?:gmail|e-?mail|mail)[ :]{1,3}([a-z]+[\d._]+[a-z\d._]*)(?![\p{L}\p{Nd}@])/dgiu,
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
/** Companies of the public service, which are public knowledge. */
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

/** Finds days of birth, numbers of files and papers, pages of social networks and companies, by the words before them. */
export function factsIn(text: string): Found[] {
  const found: Found[] = []
  for (const [kind, pattern] of PATTERNS) {
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
/** Tells whether a number is a day or a count of copies or days, and of no file. */
function isCount(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end)
  return (
    DATE.test(value) ||
    /^[ ]*(?:bộ|bản|ngày|lần|cái|người|copies|days|times)(?!\p{L})/iu.test(text.slice(end, end + 12))
  )
}
