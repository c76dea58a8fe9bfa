import { FIELDS, OPEN_TEXTS, type OpenText, type ValueKind } from './rules.ts'

/**
 * The report's facts that have columns in `cases`. Code that selects, writes, exports, corrects or erases them uses this list. In
 * code they are texts, '' if not answered; a column may hold a number or a date.
 */
export type OpenTexts = Readonly<Record<OpenText, string>>

type Column<Kind extends ValueKind> = Kind extends 'words'
  ? string
  : Kind extends 'date'
    ? Date | null
    : number | null
type OpenColumns = { readonly [N in OpenText]: Column<(typeof FIELDS)[N]['value']> }

/** The columns of some of the texts; optional texts give optional columns. */
type ColumnsOf<Texts> = {
  readonly [N in keyof Pick<Texts, keyof Texts & OpenText>]: N extends OpenText ? OpenColumns[N] : never
}

type Every<Value> = { readonly [N in OpenText]: Value }
const every = <Value>(value: (name: OpenText) => Value): Every<Value> =>
  Object.fromEntries(OPEN_TEXTS.map((name) => [name, value(name)])) as Every<Value>

export const OPEN_SELECT = every(() => true as const)

/** Blank values, for a case that has none of the facts or was erased. */
export const NOTHING_OPEN: OpenTexts = every(() => '')

export const openTexts = (row: Readonly<Record<OpenText, unknown>>): OpenTexts =>
  every((name) => {
    const value = row[name]
    return value instanceof Date ? value.toISOString().slice(0, 10) : String(value ?? '')
  })

export const openColumns = <Texts extends Partial<OpenTexts>>(texts: Texts): ColumnsOf<Texts> =>
  Object.fromEntries(
    OPEN_TEXTS.flatMap((name) => {
      const text: string | undefined = texts[name]
      return text === undefined ? [] : [[name, columnOf(FIELDS[name].value, text)]]
    }),
  ) as ColumnsOf<Texts>

export function columnOf(kind: ValueKind, text: string): string | number | Date | null {
  if (kind === 'words') return text
  if (text === '') return null
  return kind === 'date' ? new Date(`${text}T00:00:00Z`) : Number(text)
}
