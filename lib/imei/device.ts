import { foldDiacritics } from '../text-normalization.ts'

/** The TAC table's answer for the phone. */
export interface KnownDevice {
  readonly manufacturer: string
  readonly model: string
}

/** The names of each maker: first the usual one in Vietnam, then its brands and its old or company names. */
const MAKERS: readonly (readonly [string, ...string[]])[] = [
  ['Samsung', 'galaxy'],
  ['Apple', 'iphone', 'ipad'],
  ['Xiaomi', 'redmi', 'poco', 'pocophone', 'mi'],
  ['OPPO', 'realme', 'oneplus'],
  ['vivo', 'iqoo'],
  ['Huawei', 'honor'],
  ['Nokia', 'hmd', 'microsoft', 'lumia'],
  ['Sony', 'ericsson', 'sonyericsson', 'xperia'],
  ['Motorola', 'lenovo', 'moto'],
  ['Google', 'pixel'],
  ['ASUS', 'asustek', 'zenfone', 'rog'],
  ['BlackBerry', 'rim', 'researchinmotion'],
  ['TCL', 'alcatel'],
  ['Tecno', 'infinix', 'itel', 'transsion'],
  ['Vsmart', 'vinsmart'],
  ['Bphone', 'bkav'],
]
const MAKER_OF = new Map(
  MAKERS.flatMap(([maker, ...others]) => [maker, ...others].map((name) => [foldDiacritics(name), maker])),
)

/** Words of company names that do not identify the maker. */
const COMPANY = new Set(
  (
    'ab ag bv co comm communication communications company corp corporation electronic electronics ' +
    'gmbh group inc incorporated industries international limited llc ltd mobile oy oyj phone phones plc sa ' +
    'tech technologies technology telecom telecommunication telecommunications the'
  ).split(' '),
)

/** Words that distinguish one model of a series from another. */
const VARIANTS = new Set(
  'air edge fe flip fold lite max mini neo note plus pro se ultra x xl xr xs zoom'.split(' '),
)

/**
 * Checks whether the typed device contradicts the TAC table. It is a flag for the officer, never a refusal, because people call
 * phones many things and a table has errors. So it is true only if brand and brand, name and name, or code and code disagree.
 * Typing less than is known is no contradiction ("iPhone 13" for an iPhone 13 Pro), typing more is ("iPhone 13 Pro" for an iPhone
 * 13).
 */
export const tacMismatch = (
  typed: { readonly brand: string; readonly model: string },
  known: KnownDevice,
): boolean => brandMismatch(typed.brand, known) || modelMismatch(typed.model, known.model)

function brandMismatch(brand: string, known: KnownDevice): boolean {
  const typed = makers(brand)
  const expected = makers(`${known.manufacturer} ${known.model}`)
  if (typed.size === 0 || makers(known.manufacturer).size === 0) return false
  return typed.isDisjointFrom(expected)
}

/** Returns the makers that a text names, and its other significant words. Neighbouring words are also read as one word. */
function makers(text: string): Set<string> {
  const all = words(text)
  const pairs = all.flatMap((word, at) => [word + (all[at + 1] ?? ''), all.slice(at, at + 3).join('')])
  const named = [...all, ...pairs].flatMap((word) => MAKER_OF.get(word) ?? [])
  return new Set([...named, ...all.filter((word) => !COMPANY.has(word))])
}

function modelMismatch(typedModel: string, knownModel: string): boolean {
  const typed = designations(typedModel)
  const known = designations(knownModel)
  if (typed.codes.some((code) => known.codes.some((other) => sameCode(code, other)))) return false
  if (typed.names.length === 0 && typed.variants.length === 0)
    return typed.codes.length > 0 && known.codes.length > 0
  if (known.names.length === 0 && known.variants.length === 0) return false
  const namesDiffer = typed.names.length > 0 && !typed.names.some((name) => known.names.includes(name))
  return namesDiffer || typed.variants.some((variant) => !known.variants.includes(variant))
}

/** Checks whether two codes may be of one phone. Regional versions differ only at the end: SM-A546 is an SM-A546E. */
const sameCode = (a: string, b: string): boolean =>
  a === b || (Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a)))

function designations(model: string): {
  /** Parts of marketing names with a digit: `13`, `a54`. */
  readonly names: readonly string[]
  /** The maker's codes: `a546e`, `cph2387`, `3310`. */
  readonly codes: readonly string[]
  readonly variants: readonly string[]
} {
  const all = words(
    foldDiacritics(model)
      .replaceAll('+', ' plus ')
      .replace(/\b\d+ ?[gt]b\b|\b[45]g\b/g, ' ')
      .replace(/([a-z]{4,})(?=\d)/g, '$1 ')
      .replace(/(\d)(?=[a-z]{3,})/g, '$1 ')
      .replaceAll('promax', 'pro max')
      .replace(/\b([a-z]) (?=\d)/g, '$1'),
  )
  const numbered = all.filter((word) => /\d/.test(word))
  return {
    names: numbered.filter((word) => !isCode(word)),
    codes: numbered.filter(isCode),
    variants: all.filter((word) => VARIANTS.has(word)),
  }
}

const isCode = (word: string): boolean => /\d{4}|^[a-z]+\d{3}/.test(word)

const words = (text: string): readonly string[] => foldDiacritics(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

/**
 * Returns the phone's usual name for display: `Samsung Electronics Co Ltd`, `Galaxy Note 4 (SM-N910F)` → `Samsung Galaxy Note 4`.
 * Empty if both are.
 */
export function displayName(manufacturer: string, model: string): string {
  const maker = makerName(manufacturer)
  const name = model.replace(/\s*\([^()]*\)/g, '').trim() || model.trim()
  const repeats = maker !== '' && foldDiacritics(name).startsWith(foldDiacritics(maker))
  return (repeats ? name : `${maker} ${name}`).trim()
}

function makerName(manufacturer: string): string {
  const parts = manufacturer.split(/[\s,]+/).filter((part) => part !== '')
  const telling = parts.filter((part) => !COMPANY.has(foldDiacritics(part).replace(/\.$/, '')))
  const joined = telling.join(' ')
  return (
    MAKERS.find(([maker]) => foldDiacritics(maker) === foldDiacritics(joined))?.[0] ??
    (joined || manufacturer.trim())
  )
}
