import '#server-only'
import { createHash } from 'node:crypto'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { cameOtherwise } from '../delivery/data.ts'
import { linesAfter } from '../repository/book.ts'
import {
  carriersOnPaper as allOnPaper,
  type Letter,
  type ListedLetter,
  letterById,
  letterLines,
  lettersPage,
  type OnPaper,
  letterPdf as pdfOf,
} from '../repository/letters.ts'
import { annexOf, type LetterNumber, writeLetterCursor } from '../rules/letter.ts'

export type { Letter, ListedLetter, OnPaper } from '../repository/letters.ts'
export type LetterLine = Awaited<ReturnType<typeof letterLines>>[number]
export { letterLines }

const LETTERS_A_PAGE = 30

/** Returns one letter, for the relay; or null. */
export const letterFor = async (actor: StaffActor, id: string): Promise<Letter | null> =>
  may(actor.role, 'order:read') ? letterById(id) : null

/** Returns a page of letters, the newest first, and the cursor of the next one. */
export async function letters(
  actor: StaffActor,
  before: LetterNumber | null,
): Promise<{ readonly letters: readonly ListedLetter[]; readonly next: string | null }> {
  if (!may(actor.role, 'order:read')) return { letters: [], next: null }
  const found = await lettersPage(before, LETTERS_A_PAGE + 1)
  const shown = found.slice(0, LETTERS_A_PAGE)
  const last = shown.at(-1)
  return { letters: shown, next: found.length > LETTERS_A_PAGE && last ? writeLetterCursor(last) : null }
}

/** Returns each carrier on paper, and what stands in no letter of it yet, for the relay. */
export const carriersOnPaper = async (actor: StaffActor): Promise<OnPaper[]> =>
  may(actor.role, 'order:read') ? allOnPaper() : []

/** Tells whether lines of a letter that nobody has handed over may have reached the carrier another way. */
export const letterIsVoid = async (letter: Letter): Promise<boolean> =>
  letter.handedOn === null && (await cameOtherwise(undefined, letter))

/** Returns a letter as it was drawn; null until it is. */
export const letterPdf = ({ id }: Letter): Promise<Uint8Array<ArrayBuffer> | null> => pdfOf(id)

/** Returns a letter's annex as CSV: made again from the book, and nothing else than what its printed checksum says. */
export async function letterAnnex(letter: Letter): Promise<string> {
  const annex = annexOf(await linesAfter(letter.carrierId, letter.after, letter.upTo, letter.rows))
  if (createHash('sha256').update(annex).digest('hex') !== letter.annexSha256)
    throw new Error('the book says something else than a letter of it')
  return annex
}
