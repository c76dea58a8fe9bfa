import { normalizeCharacters, stripInvisible } from '../text-normalization.ts'
import { luhnDigit, parseImei } from './imei.ts'

export interface SeenBarcode {
  /** The reader's own name for the format: zxing's `Code128`, the browser's `code_128`. */
  readonly format: string
  readonly text: string
}

interface OfferedImei {
  /** 15 digits with a right check digit. */
  readonly imei: string
  readonly from: 'barcode' | 'text'
}

/**
 * The first two digits of every IMEI that bodies appointed by the GSMA have given out (GSMA TS.06, annex A). Cards
 * (`89…`), goods (`893…`) and most serial numbers of 15 digits begin otherwise.
 */
const REPORTING_BODIES = new Set('01 10 30 33 35 44 45 49 50 51 52 53 54 86 91 98 99'.split(' '))

/** Linear codes in which makers print an IMEI. Retail codes, also with a supplement (13 + 2 digits), are not among them. */
const LINEAR = new Set(['code128', 'code39', 'code39std', 'code39ext', 'code93'])
/** Two-dimensional codes, which contain whole texts. */
const MATRIX = new Set('qrcode qrcodemodel1 qrcodemodel2 datamatrix aztec azteccode pdf417'.split(' '))

/** An address, or a code that makes a phone do something: Wi-Fi, an eSIM's profile, a message, a payment. */
const LINK =
  /^\s*[a-z][a-z0-9+.-]*:\/\/|^\s*www\.|^\s*(?:wifi|lpa|tel|sms|smsto|mailto|geo|mecard|begin|000201)/i

/** Matches the label `IMEI`, also as OCR misreads it in small print. The number of the slot belongs to the label. */
const IMEI_LABEL =
  /(?<![\p{L}\p{N}])[i1l|!]\s?m\s?e\s?[i1l|!](?:\s?[12](?=[\s:.)=]|$)|(?![\p{L}\p{N}]))(?!\s*sv)(?:\s*\/\s*meid)?(?:\s*\(?\s*(?:(?:slot|sim|khe)\s*)+)?(?:\s*[12](?![0-9]))?\)?/giu

/** Labels of other numbers. `IMEI/MEID` labels an IMEI, and is removed before these are searched for. */
const OTHER_LABEL =
  /\bs\s?[/.|]?\s?n\b|serial|s[eéê][ -]?ri\b|\bicc(?:id)?\b|\beid\b|\bmeid\b|\besn\b|\b[ie]?sim\b|imei\s?sv|\bsv\b|\bean\b|\bupc\b|\bgtin\b|\bsku\b|\bp\s?[/.]\s?n\b|\bpart\b|\bwi-?fi\b|\bmac\b|bluetooth|\btel\b|phone no|hotline|đơn hàng|don hang|\border\b|hóa đơn|hoa don|\binvoice\b|\bmst\b|tài khoản|tai khoan|\bimsi\b|\blot\b/i

const SHAPES: readonly RegExp[] = [
  /(?<![\p{L}\p{N}])\d{15}(?![\p{L}\p{N}])/gu,
  // Grouped as the standard writes it, also with other text on the line.
  /(?<![\p{L}\p{N}])\d{2}[ -]\d{6}[ -]\d{6}[ -]\d(?![\p{L}\p{N}])/gu,
]
/** Any other grouping, if the whole run has 15 digits. */
const RUN = /(?<![\p{L}\p{N}])\d+(?:[ ./-]{1,2}\d+)*(?![\p{L}\p{N}])/gu

/**
 * Returns the IMEIs that a picture shows, each once, barcodes first, to offer them to a person who sees the picture beside them.
 * A number that may be something else (a serial number, a card's, a maker's) is left out: typing 15 digits is a small harm,
 * blocking a stranger's phone a great one.
 */
export function offeredImeis({
  barcodes,
  lines,
}: {
  readonly barcodes: readonly SeenBarcode[]
  /** Recognised lines of text, from top to bottom; empty if text was not looked for. */
  readonly lines: readonly string[]
}): readonly OfferedImei[] {
  const text = readLines(lines)
  const offered = new Map<string, OfferedImei>()
  const offer = (imei: string, from: OfferedImei['from']): void => {
    if (!text.others.has(imei) && !offered.has(imei)) offered.set(imei, { imei, from })
  }
  for (const barcode of barcodes) for (const imei of imeisOfBarcode(barcode)) offer(imei, 'barcode')
  for (const imei of text.imeis) offer(imei, 'text')
  return [...offered.values()]
}

function imeisOfBarcode({ format, text }: SeenBarcode): readonly string[] {
  const name = format.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (LINEAR.has(name)) {
    const [, digits] = /^\s*(?:imei\s?[12]?\s?[:=]?\s?)?(\d{15})\s*$/i.exec(text) ?? []
    return digits !== undefined && isImei(digits) ? [digits] : []
  }
  if (!MATRIX.has(name) || LINK.test(text)) return []
  const { imeis, others } = readLines(text.split(/[\r\n;,|]+/), 'alone')
  return imeis.filter((imei) => !others.has(imei))
}

/** Reads lines of text. A number without a label counts only if the text mentions IMEIs, or comes from a code (`alone`). */
function readLines(
  lines: readonly string[],
  alone?: 'alone',
): {
  readonly imeis: readonly string[]
  /** Numbers under another label; they are not offered even if a barcode has them. */
  readonly others: ReadonlySet<string>
} {
  const imeis: string[] = []
  const others = new Set<string>()
  const unlabelled: string[] = []
  let named = false
  let above: Label = null
  for (const line of lines) {
    const { pieces, label } = partedByLabels(line)
    named ||= label === 'imei' || pieces.some((piece) => piece.label === 'imei')
    let numbers = 0
    for (const piece of pieces) {
      for (const number of numbersIn(piece.text)) {
        numbers++
        const of: Label = piece.label ?? above
        if (of === 'other') others.add(number)
        else if (isImei(number)) (of === 'imei' ? imeis : unlabelled).push(number)
      }
    }
    // A label alone on its line applies to the line below it, and to no other.
    if (/\S/.test(line))
      above = numbers === 0 && !/[\p{L}\p{N}]{4}/u.test(pieces.at(-1)?.text ?? '') ? label : null
  }
  return { imeis: named || alone ? [...imeis, ...unlabelled] : imeis, others }
}

type Label = 'imei' | 'other' | null

/** Returns the parts of a line, each with the label before it; `label` is the last label of the line. */
function partedByLabels(line: string): { pieces: readonly { text: string; label: Label }[]; label: Label } {
  const text = normalizeCharacters(stripInvisible(line)).normalize('NFC').replace(IMEI_LABEL, '\u0001')
  const pieces: { text: string; label: Label }[] = []
  for (const [at, part] of text.split('\u0001').entries()) {
    const before: Label = at > 0 ? 'imei' : null
    const other = OTHER_LABEL.exec(part)
    if (other === null) pieces.push({ text: part, label: before })
    else {
      pieces.push({ text: part.slice(0, other.index), label: before })
      pieces.push({ text: part.slice(other.index + other[0].length), label: 'other' })
    }
  }
  return { pieces, label: pieces.at(-1)?.label ?? null }
}

function numbersIn(text: string): readonly string[] {
  const found = SHAPES.flatMap((shape) => [...text.matchAll(shape)]).map(([number]) => digitsOf(number))
  for (const [run] of text.matchAll(RUN)) {
    const digits = digitsOf(run)
    if (digits.length === 15) found.push(digits)
  }
  return [...new Set(found)]
}

const digitsOf = (text: string): string => text.replace(/[^0-9]/g, '')

const isImei = (digits: string): boolean =>
  REPORTING_BODIES.has(digits.slice(0, 2)) &&
  luhnDigit(digits.slice(0, 14)) === digits[14] &&
  parseImei(digits).ok
