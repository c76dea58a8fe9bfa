import '#server-only'
import { createHash } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import { ChildWorker } from '#platform/child-worker.ts'
import { transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import type { LetterPaper } from '../components/letter/words.ts'
import { linesAfter } from '../repository/book.ts'
import { letterById, saveDrawing, undrawnLetters } from '../repository/letters.ts'

/** Draws a letter once. What is kept is what was signed: a later version of the product draws it no other way. */
export async function drawLetter(id: string, now: Instant): Promise<void> {
  const letter = await letterById(id)
  if (letter === null || letter.pdfSha256 !== null) return
  const lines = await linesAfter(letter.carrierId, letter.after, letter.upTo, letter.rows)
  const pdf = await drawn({ ...letter, lines })
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  await transaction(async (tx) => {
    if (!(await saveDrawing(tx, id, pdf, sha256))) return
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'letter.draw',
      subject: { kind: 'letter', id },
      facts: { sha256 },
      at: now,
    })
  })
}

const PROCESS = { script: 'features/exchange/drawing.ts', heapMb: 256, timeLimit: 2 * MINUTE } as const

/** Returns the paper's bytes, from a process that ends with them. */
async function drawn(paper: LetterPaper): Promise<Uint8Array> {
  const drawer = new ChildWorker<LetterPaper, Uint8Array>(PROCESS)
  try {
    return new Uint8Array(await drawer.ask(paper))
  } finally {
    drawer.end()
  }
}

/** Draws every letter that was left undrawn, such as by a worker that gave up; one that cannot be drawn stops no other. */
export async function drawLetters(now: Instant): Promise<void> {
  for (const id of await undrawnLetters()) {
    try {
      await drawLetter(id, now)
    } catch (err) {
      log().error({ err, letter: id }, 'a letter could not be drawn')
    }
  }
}
