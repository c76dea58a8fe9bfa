import { foldDiacritics } from '#lib/text-normalization.ts'

const I = '(?:toi|tui|em|minh|chau|con|nha toi|nha em|gia dinh toi|vo chong toi|chung toi)'
const NEAR = '(?:xom|hem|khu pho|khu|pho|phuong|ap|to|chung cu|cho|lang|duong|day tro)'
const SIDE =
  '(?:cuoi|dau|doi dien|ke ben|ke|sat ben|sat|canh|ben canh|ben hong|sau lung|ngay goc|goc|giap|truoc mat|phia sau|ngay)'
const BEGIN = '(?<![a-z])'

/** Phrases, without marks, by which a neighbour or the office recognises the one person who wrote. They have no name to mask. */
const TELLING = [
  // My house is at the end of the alley by the temple.
  `(?:nha|quan|tiem|sap|can ho|phong tro|vua|xuong)(?: [a-z]+){0,3} (?:toi|tui|em|minh|chau|con) (?:o |nam )?${SIDE} [a-z]`,
  `nha (?:o |nam )?(?:cuoi|dau) (?:con )?hem`,
  `nha (?:toi |em |tui )?co .{1,40} nhat ${NEAR}`,
  // Everybody knows me.
  `(?:ai|ca ${NEAR}(?: \\d{1,3})?)(?: ai)? (?:cung|deu|chang)(?: deu)? (?:biet|quen|ro)(?: mat)? (?:toi|tui|em|minh|nha)`,
  `hoi(?: tham)?(?: la| thi)? ai (?:cung|chang) (?:biet|ro)`,
  `${I} .{0,80}ai (?:cung|chang) (?:biet|ro|quen)(?: mat| het)?(?![a-z ]*[a-z])`,
  // I am the only one, or the head of something.
  `${I}(?: la)? .{0,60}duy nhat (?:o|trong|cua|tai)`,
  `(?:co|chi co|con) moi (?:minh |nha )?(?:toi|tui|em)`,
  `(?:ca|trong) ${NEAR}.{0,20}(?:chi|moi)(?: co)? (?:minh |mot minh |nha )(?:toi|tui|em)`,
  `${I} la (?:truong|hieu truong|pho hieu truong|bi thu|to truong|khu pho truong|truong ban|linh muc|su tru tri|tru tri|giam doc|chu (?:tiem|quan|sap|vua|xuong|nha hang|khach san|tro|nha tro|lo))(?: [a-z]+)`,
  // In English.
  `every(?:one|body)(?: [a-z]+){0,5} knows? (?:me|us|my)`,
  `(?:i am|i'm|we are|my (?:house|shop|home|flat|stall|family) is) (?:the|an?) only`,
  `my (?:house|shop|home|flat|stall|cafe|restaurant) is (?:right |just )?(?:opposite|behind|next to|across|at the end|beside|in front|above)`,
  `i(?: am|'m) the (?:principal|owner|head|director|priest|abbot|monk)`,
].map((pattern) => new RegExp(`${BEGIN}${pattern}`, 'u'))

/** Words that may be the name of an account: thuy_linh, ngoc.tram.94. */
const ACCOUNT =
  /(?<![\p{L}\d@/._-])\p{Ll}[\p{Ll}\d]{2,30}(?:[._][\p{Ll}\d]{1,30}){0,4}(?:_[\p{Ll}\d]+|[._]\d{2,4})(?![\p{L}\d./])/u

/** Words that no rule reads: in another script, or mixed with one. A single letter may be part of a formula. */
const OTHER_SCRIPT = /\p{L}(?!\p{Script=Latin})\p{L}|(?!\p{Script=Latin})\p{L}\p{L}/u

/** Checks whether a text without names and numbers may still reveal its writer. */
export function tellsWho(text: string): boolean {
  if (OTHER_SCRIPT.test(text) || ACCOUNT.test(text)) return true
  return text.split(/[.!?\n]/).some((sentence) => {
    const plain = foldDiacritics(sentence)
    return TELLING.some((pattern) => pattern.test(plain))
  })
}
