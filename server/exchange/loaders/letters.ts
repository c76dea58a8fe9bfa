import '#server-only'
import { createHash } from 'node:crypto'
import { annexOf, type LetterNumber, writeLetterCursor } from '#domain/exchange/letter.ts'
import { linesAfter } from '../repository/book.ts'
import {
  carriersOnPaper,
  type Letter,
  type ListedLetter,
  letterById,
  letterLines,
  letterPdf,
  lettersPage,
} from '../repository/letters.ts'

export type { Letter, ListedLetter, OnPaper } from '../repository/letters.ts'
export type LetterLine = Awaited<ReturnType<typeof letterLines>>[number]
export { carriersOnPaper, letterById, letterLines, letterPdf }

const LETTERS_A_PAGE = 30

/** A page of letters, the newest first, and the cursor of the next one. */
export async function letters(
  before: LetterNumber | null,
): Promise<{ readonly letters: readonly ListedLetter[]; readonly next: string | null }> {
  const found = await lettersPage(before, LETTERS_A_PAGE + 1)
  const shown = found.slice(0, LETTERS_A_PAGE)
  const last = shown.at(-1)
  return { letters: shown, next: found.length > LETTERS_A_PAGE && last ? writeLetterCursor(last) : null }
}

/** A letter's annex as CSV: made again from the book, and nothing else than what its printed checksum says. */
export async function letterAnnex(letter: Letter): Promise<string> {
  const annex = annexOf(await linesAfter(letter.carrierId, letter.after, letter.upTo, letter.rows))
  if (createHash('sha256').update(annex).digest('hex') !== letter.annexSha256)
    throw new Error('the book says something else than a letter of it')
  return annex
}
