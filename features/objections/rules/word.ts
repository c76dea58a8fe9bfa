import type { Random } from '#lib/crockford.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'

/**
 * The words that stand on a piece of paper beside the phone's screen: the word shows that the photo was taken for this
 * objection, today. Things that everybody draws the same, in the north and in the south; no two are alike once their
 * marks are lost.
 */
export const WORDS = [
  ...['sông', 'núi', 'biển', 'mây', 'gió', 'mưa', 'trăng', 'sao', 'hoa', 'lá', 'tre', 'lúa'],
  ...['dừa', 'cam', 'xoài', 'mít', 'chanh', 'ớt', 'mèo', 'gà', 'vịt', 'trâu', 'ngựa', 'voi'],
  ...['tôm', 'cua', 'ong', 'bướm', 'chim', 'thuyền', 'cầu', 'nhà', 'bàn', 'ghế', 'đèn', 'sách'],
  ...['bút', 'mũ', 'áo', 'giày', 'nón', 'trống', 'đàn', 'chuông', 'gương', 'chén', 'bánh', 'muối'],
] as const

const LIFE = 48 * HOUR

/** Returns two words and a number of two digits. It need not be secret, only new. */
export function drawWord(random: Random): string {
  const [first = 0, second = 0, number = 0] = random(3)
  const one = first % WORDS.length
  // The second word always differs from the first.
  const other = (one + 1 + (second % (WORDS.length - 1))) % WORDS.length
  return `${WORDS[one]} ${WORDS[other]} ${10 + (number % 90)}`
}

export const wordUntil = (drawnAt: Instant): Instant => addMilliseconds(drawnAt, LIFE)
