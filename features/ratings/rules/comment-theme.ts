import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'

/**
 * The themes that comments are about, by words that occur in them. Praise and complaint count alike: a theme says what
 * people write about, and nothing of whether they are content. A comment may have several themes, or none.
 */
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
  /** Phrases of two words and more: a single syllable without its marks is several words. */
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

/**
 * Returns a count of comments rounded down to a whole ten. It is applied to one finished month of one agency or group,
 * and sums add such tens, so that no two sums differ by fewer than ten.
 */
export const wholeTens = (count: number): number => count - (count % MIN_PUBLIC_GROUP)
