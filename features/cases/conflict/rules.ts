import { FIELDS, OPEN_TEXTS, type OpenText } from '#features/reporting/fields/rules.ts'
import type { FileRecord } from '../file/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

/** The value of each fact of a side by its key; a fact that the side does not give is missing. */
type SaidFacts = Readonly<Record<string, string>>

export function saidFacts(
  file: Pick<
    FileRecord,
    OpenText | 'particulars' | 'imeis' | 'incidentAt' | 'tacManufacturer' | 'tacModel' | 'locale'
  >,
  { incidentType }: Pick<CaseSnapshot, 'incidentType'>,
  area: string | null,
): SaidFacts {
  const { particulars: p } = file
  const texts = Object.entries(p).filter(([, value]) => typeof value === 'string') as [string, string][]
  const said: Record<string, string | undefined> = {
    ...Object.fromEntries(texts),
    ...Object.fromEntries(OPEN_ROWS.map((name) => [name, file[name]])),
    model: [file.brand, file.model, file.colour].join(' '),
    tac: [file.tacManufacturer, file.tacModel].filter(Boolean).join(' '),
    type: incidentType,
    at: file.incidentAt.toISOString(),
    area: area ?? '',
    name: p.fullName,
    id: p.nationalId,
    contact: [p.contact, p.secondContact].flatMap((one) => one?.value ?? []).join(' '),
    locale: file.locale,
    ...Object.fromEntries(file.imeis.map(({ key14 }, at) => [`imei${at + 1}`, key14])),
    ...Object.fromEntries(p.phoneNumbers.map((number, at) => [`sim${at + 1}`, number])),
  }
  return Object.fromEntries(
    Object.entries(said).flatMap(([key, text]) => (text ? [[key, plain(text)] as const] : [])),
  )
}

/** The open facts that have a row of their own; make, model and colour share one. */
const OPEN_ROWS = OPEN_TEXTS.filter((name) => (FIELDS[name].file as string | null) === 'row')

/** Normalizes a text for comparison: its case, its spaces, and the Unicode forms of a letter. */
const plain = (text: string): string =>
  text.normalize('NFC').toLocaleLowerCase('vi').replace(/\s+/g, ' ').trim()

/** Facts of which a side may have several; their order does not count. */
const SEVERAL = /^(imei|sim)\d$/

/** Returns the keys of the facts that differ between the sides, or that not every side gives. */
export function differingFacts(sides: readonly SaidFacts[]): ReadonlySet<string> {
  const keys = new Set(sides.flatMap((side) => Object.keys(side)))
  const differ = (key: string): boolean => {
    const kind = SEVERAL.exec(key)?.[1]
    if (kind === undefined) return new Set(sides.map((side) => side[key])).size > 1
    const own = sides.map((side) => Object.keys(side).filter((one) => SEVERAL.exec(one)?.[1] === kind))
    // A row differs if the number of one side is in no row of another side.
    return sides.some((side) => {
      const number = side[key]
      return number !== undefined && sides.some((other, at) => !own[at]?.some((one) => other[one] === number))
    })
  }
  return new Set([...keys].filter(differ))
}
