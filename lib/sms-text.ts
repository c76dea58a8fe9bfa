/** The characters of the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1). */
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Characters of the alphabet's extension, each of which takes two places. */
const EXTENDED = '\f^{}\\[~]|€'

/** Replacements for characters that the alphabet lacks, except letters that only lose their marks. */
const INSTEAD: Readonly<Record<string, string>> = {
  đ: 'd',
  Đ: 'D',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
}

/** Returns a text in the GSM alphabet: letters without their marks, and `?` if there is no replacement. */
export const withoutMarks = (text: string): string =>
  [...text.normalize('NFD').replace(/\p{M}/gu, '')]
    .map((sign) => INSTEAD[sign] ?? (GSM.includes(sign) || EXTENDED.includes(sign) ? sign : '?'))
    .join('')

/**
 * Counts the segments of an SMS: 160 septets or 70 UTF-16 units in one, 153 or 67 in each of several. A sign of two
 * septets or units is never cut in half, so a segment may stay one short.
 */
export function smsLength(text: string): {
  readonly encoding: 'GSM-7' | 'UCS-2'
  /** The number of messages that are sent and paid for. */
  readonly segments: number
} {
  const signs = [...text]
  const isGsm = signs.every((sign) => GSM.includes(sign) || EXTENDED.includes(sign))
  const sizes = signs.map((sign) => (isGsm ? (EXTENDED.includes(sign) ? 2 : 1) : sign.length))
  const [whole, part] = isGsm ? [160, 153] : [70, 67]
  const encoding = isGsm ? 'GSM-7' : 'UCS-2'
  if (sizes.reduce((sum, size) => sum + size, 0) <= whole) return { encoding, segments: 1 }
  let [segments, used] = [1, 0]
  for (const size of sizes) {
    if (used + size > part) [segments, used] = [segments + 1, 0]
    used += size
  }
  return { encoding, segments }
}
