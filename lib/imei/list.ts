import { err, ok, type Result } from '../result.ts'
import { cellText, isRounded } from '../sheet.ts'
import { compactCode, foldDiacritics } from '../text-normalization.ts'
import { type Imei, type ImeiFault, parseImei } from './imei.ts'

/** The most phones that a shop checks at once. */
export const MAX_LIST = 500

/** Larger than any list of so many numbers. */
export const MAX_LIST_FILE_BYTES = 1_000_000

/** The faults of one line, including a number that a sheet has rounded. */
export type LineFault = ImeiFault | 'scientific'

export interface ListedImei {
  /** As written, cut to a bounded length. */
  readonly written: string
  readonly read: Result<Imei, LineFault>
  /** The position of the phone's first entry in the list, from 1; null if this is the first. */
  readonly sameAs: number | null
}

/** The most characters that are shown of a line, which may be a whole page of text. */
const SHOWN = 60

/** Returns every number in some texts, in the order given. A cell of a sheet and a page of pasted lines are read alike. */
export function readImeiList(texts: readonly string[]): Result<readonly ListedImei[], 'empty' | 'too_many'> {
  const lines = texts.flatMap(numbersIn)
  if (lines.length === 0) return err('empty')
  if (lines.length > MAX_LIST) return err('too_many')
  const first = new Map<string, number>()
  return ok(
    lines.map((written, at) => {
      const read = readLine(written)
      const sameAs = read.ok ? (first.get(read.value.key) ?? null) : null
      if (read.ok && sameAs === null) first.set(read.value.key, at + 1)
      return { written: [...written.slice(0, 4 * SHOWN)].slice(0, SHOWN).join(''), read, sameAs }
    }),
  )
}

function readLine(written: string): Result<Imei, LineFault> {
  const read = parseImei(written)
  return !read.ok && isRounded(written) ? err('scientific') : read
}

/**
 * Returns the parts of a text that may be numbers. Lines, semicolons and tabs always separate numbers. A comma does
 * too, except in a rounded number (`3,5E+14`).
 */
const numbersIn = (text: string): string[] =>
  text
    .split(/[\n\r;\t|；]/)
    .flatMap((piece) => (isRounded(cellText(piece)) ? [piece] : piece.split(/[,，、]/)))
    .map(cellText)
    .flatMap(partedByBlanks)
    .filter((piece) => piece !== '')

/**
 * Splits a piece at its blanks if one of the parts is long enough for an IMEI. A number may contain blanks too (`35 298706 581662
 * 3`): such a piece stays whole.
 */
function partedByBlanks(piece: string): string[] {
  if (parseImei(piece).ok) return [piece]
  const pieces = piece.split(/\s+/)
  return pieces.some((one) => compactCode(one).length >= 14) ? pieces : [piece]
}

const isImeiColumn = (name: string): boolean =>
  /^(so)?imei\d?$/.test(foldDiacritics(cellText(name)).replace(/[\s_-]/g, ''))

/**
 * Returns the cells of a sheet with IMEIs: those of every column named so, or else of the first column that begins with a number.
 * Null if there is no such column.
 */
export function imeiCells(table: readonly (readonly string[])[]): readonly string[] | null {
  const [first = []] = table
  const named = first.flatMap((name, at) => (isImeiColumn(name) ? [at] : []))
  if (named.length > 0) return table.slice(1).flatMap((row) => named.map((at) => row[at] ?? ''))
  const bare = first.findIndex((cell) => /\d{8}/.test(compactCode(cell)))
  return bare < 0 ? null : table.map((row) => row[bare] ?? '')
}
