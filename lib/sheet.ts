import { foldDiacritics, stripInvisible } from './text-normalization.ts'

/** `="352987065816623"` and `'352987065816623`: how sheets keep a long number as text. */
const KEPT_AS_TEXT = /^(?:=\s*"(.*)"|'(.*))$/s
/** `3.52987E+14`: a sheet has rounded the number, and its last digits are lost. */
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i

/** Returns the text of a cell; a formula is taken as its text and not calculated. */
export const cellText = (text: string): string => {
  const [, quoted, marked] = KEPT_AS_TEXT.exec(text.trim()) ?? []
  return stripInvisible((quoted ?? marked ?? text).replaceAll('\0', '')).trim()
}

export const isRounded = (cell: string): boolean => SCIENTIFIC.test(cell)

export interface SheetRow<F extends string> {
  /** The row as a spreadsheet counts it, from 1. */
  readonly line: number
  readonly typed: Readonly<Record<F, string>>
}

/**
 * Returns the rows of a table by field. Columns are found by the names in the first row, folded and without blanks. If the first
 * row is data already (`isData`), they are in the order of `fields`. Null if it is neither.
 */
export function readSheet<F extends string>(
  table: readonly (readonly string[])[],
  fields: readonly F[],
  names: Readonly<Record<string, F>>,
  needed: F,
  isData: (first: readonly string[]) => boolean,
): SheetRow<F>[] | null {
  const [first = []] = table
  const named = first.map((name) => names[foldDiacritics(cellText(name)).replace(/[\s_-]/g, '')])
  const headed = named.includes(needed)
  if (!headed && !isData(first)) return null
  const columns: readonly (F | undefined)[] = headed ? named : fields
  return table.slice(headed ? 1 : 0).map((cells, at) => {
    const value = (field: F) => cells[columns.indexOf(field)] ?? ''
    const typed = Object.fromEntries(fields.map((field) => [field, value(field)])) as Record<F, string>
    return { line: at + (headed ? 2 : 1), typed }
  })
}
