import { type Month, parseMonth } from '#features/results/rules.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'

/** The themes of comments, by words in them. Praise and complaint count alike. A comment may have several themes, or none. */
const THEMES = {
  time: ['chờ', 'đợi', 'chậm', 'trễ', 'quá hạn', 'đúng hẹn', 'mất thời gian', 'nhanh', 'lâu'],
  attitude: [
    'thái độ',
    'nhiệt tình',
    'tận tình',
    'niềm nở',
    'thân thiện',
    'vui vẻ',
    'lịch sự',
    'khó chịu',
    'hách dịch',
    'cáu gắt',
    'thờ ơ',
  ],
  guidance: ['hướng dẫn', 'giải thích', 'khó hiểu', 'dễ hiểu', 'không rõ', 'chỉ dẫn', 'tư vấn'],
  paperwork: ['giấy tờ', 'bổ sung', 'rườm rà', 'đi lại', 'nhiều lần', 'biểu mẫu', 'công chứng', 'phức tạp'],
  cost: ['lệ phí', 'chi phí', 'tiền', 'phong bì', 'bồi dưỡng', 'hối lộ', 'tiêu cực'],
  online: ['trực tuyến', 'online', 'dịch vụ công', 'trang web', 'website', 'phần mềm', 'ứng dụng', 'vneid'],
  place: [
    'chỗ ngồi',
    'ghế',
    'gửi xe',
    'giữ xe',
    'máy lạnh',
    'nhà vệ sinh',
    'chật',
    'nóng',
    'phòng chờ',
    'lấy số',
  ],
} as const satisfies Record<string, readonly string[]>

export type CommentTheme = keyof typeof THEMES
export const COMMENT_THEMES = Object.keys(THEMES) as CommentTheme[]

const anyOf = (phrases: readonly string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`, 'u')

const PATTERNS = COMMENT_THEMES.map((theme) => ({
  theme,
  written: anyOf(THEMES[theme]),
  /** Only phrases of several words, or of more than five letters: a short syllable without its marks may be several words. */
  plain: anyOf(
    THEMES[theme].map(foldDiacritics).filter((phrase) => phrase.includes(' ') || phrase.length > 5),
  ),
}))

/** Returns the themes of a comment. A comment typed without diacritics is compared without them. */
export function themesOf(comment: string): CommentTheme[] {
  const text = comment.normalize('NFC').toLowerCase().replace(/\s+/g, ' ')
  const bare = foldDiacritics(text) === text
  return PATTERNS.filter(({ written, plain }) => written.test(text) || (bare && plain.test(text))).map(
    ({ theme }) => theme,
  )
}

/** Rounds one month's count of one agency or group down to a ten. Different sums of such tens differ by ten or more. */
export const wholeTens = (count: number): number => count - (count % MIN_PUBLIC_GROUP)

/** The search of an agency's viewer among its comments. An empty part does not filter. */
export interface CommentFilter {
  /** Words that must all occur, with or without their marks. */
  readonly words: string
  readonly theme: CommentTheme | null
  readonly month: Month | null
}

export const NO_FILTER: CommentFilter = { words: '', theme: null, month: null }

const WORDS_MAX = 100

/** Parses a filter from an address. Invalid parts do not filter. */
export function readCommentFilter({
  q,
  theme,
  month,
}: Readonly<Record<string, string | readonly string[] | undefined>>): CommentFilter {
  const text = (sent: string | readonly string[] | undefined) => (typeof sent === 'string' ? sent : '')
  return {
    words: text(q).normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, WORDS_MAX),
    theme: COMMENT_THEMES.find((one) => one === theme) ?? null,
    month: parseMonth(text(month)),
  }
}

export const filterQuery = ({ words, theme, month }: CommentFilter): Record<string, string> => ({
  ...(words !== '' && { q: words }),
  ...(theme !== null && { theme }),
  ...(month !== null && { month }),
})

/** Checks whether the filter needs the text of each comment. */
export const readsWords = ({ words, theme }: CommentFilter): boolean => words !== '' || theme !== null

/** Checks a comment against the filter by its masked text, so that names cannot be guessed by searching. */
export function matches(masked: string, { words, theme }: CommentFilter): boolean {
  const said = masked.replace(/\[[^\]]*\]/g, ' ')
  if (theme !== null && !themesOf(said).includes(theme)) return false
  const folded = foldDiacritics(said)
  return foldDiacritics(words)
    .split(' ')
    .every((word) => folded.includes(word))
}
