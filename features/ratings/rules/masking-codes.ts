import type { Found } from './masks.ts'

/** Not within a longer word or number. */
const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}])`
const END = String.raw`(?![\p{L}\p{M}\p{Nd}])`

const PATTERNS: readonly (readonly [Found['kind'], RegExp])[] = [
  [
    'email',
    /(?<![\p{L}\p{Nd}._%+'-])[\p{L}\p{Nd}._%+'-]+ ?(?:@|\(at\)|\[at\]| a còng ) ?[\p{L}\p{Nd}-]+(?: ?\. ?[\p{L}\p{Nd}-]+)+/giu,
  ],
  [
    'email',
    /(?<![\p{L}\p{Nd}._%+'-])[\p{L}\p{Nd}._%+'-]+ ?@ ?(?:gmail|yahoo|hotmail|outlook|icloud)(?![\p{L}\p{Nd}])/giu,
  ],
  // A case (HCM-XXXX-XXXX-C), a survey receipt (DG-XXXX-XXXX-XXXX-C), a dossier (000.00.15.H29-261124-0001).
  ['reference', new RegExp(`${BEGIN}(?:HCM|DG)(?:-[\\dA-Z]{4}){2,3}-[\\dA-Z]${END}`, 'giu')],
  ['reference', new RegExp(`${BEGIN}(?:HCM|DG)(?=[A-Z]*\\d)(?:[\\dA-Z]{9}|[\\dA-Z]{13})${END}`, 'gu')],
  ['reference', new RegExp(`${BEGIN}(?:\\d{2,3}\\.){0,4}H\\d{2}(?:[.-]\\d{2,}){2,}${END}`, 'giu')],
  ['document', new RegExp(`${BEGIN}[A-Z][ .-]?\\d{7,8}${END}`, 'gu')],
  [
    'document',
    new RegExp(
      `(?<=(?:hộ chiếu|passport)(?: số)?[ :.]{1,3})(?=[\\p{L}\\d]*\\d)[\\p{L}\\d]{6,12}${END}`,
      'giu',
    ),
  ],
  // 51F-123.45, 59-X1 123.45, 50LD-12345, 29A-1234; in small letters only with a dash, as 59x1-123.45.
  [
    'plate',
    new RegExp(
      `${BEGIN}[1-9]\\d[ .-]{0,2}(?:[A-Z]{2}|[A-Z]\\d?)[ .-]{0,3}(?:\\d{3}[ .]?\\d{2}|\\d{4})${END}`,
      'gu',
    ),
  ],
  ['plate', new RegExp(`${BEGIN}[1-9]\\d-?[a-z]\\d?-(?:\\d{3}[ .]?\\d{2}|\\d{4})${END}`, 'gu')],
]

/** Returns what letters and digits together give away: addresses of e-mail, numbers of files, passports, plates. */
export function codesIn(text: string): Found[] {
  const found: Found[] = []
  for (const [kind, pattern] of PATTERNS) {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const end = index + match.length
      if (found.every((other) => other.end <= index || other.start >= end)) {
        found.push({ start: index, end, kind })
      }
    }
  }
  return found
}
