import '#server-only'
import { createHash } from 'node:crypto'
import { isRefusal } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import { ChildWorker } from '#platform/child-worker.ts'
import { transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { linesAfter } from '../book/data.ts'
import type { LetterPaper } from '../paper/letter-words.ts'
import { makeLetter } from './acts.ts'
import { findCarriersOnPaper, findLetter } from './data.ts'

/** Makes letters of all new lines, carrier by carrier. Stopped anywhere, it leaves only whole letters. */
export async function gatherLetters(now: Instant): Promise<number> {
  let made = 0
  for (const { carrierId } of await findCarriersOnPaper()) {
    while (!isRefusal(await transaction((tx) => makeLetter(tx, carrierId, { kind: 'system' }, now)))) made++
  }
  return made
}

/** Draws a letter once. The stored drawing was signed, so a later version of the product never draws it again. */
export async function drawLetter(id: string, now: Instant): Promise<void> {
  const letter = await findLetter(id)
  if (letter === null || letter.pdfSha256 !== null) return
  const lines = await linesAfter(letter.carrierId, letter.after, letter.upTo, letter.rows)
  const pdf = await drawInProcess({ ...letter, lines })
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  await transaction(async (tx) => {
    // Another run may have been first.
    const data = { pdf: new Uint8Array(pdf), pdfSha256: sha256 }
    if ((await tx.carrierLetter.updateMany({ where: { id, pdfSha256: null }, data })).count === 0) return
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

async function drawInProcess(paper: LetterPaper): Promise<Uint8Array> {
  const drawer = new ChildWorker<LetterPaper, Uint8Array>(PROCESS)
  try {
    return new Uint8Array(await drawer.ask(paper))
  } finally {
    drawer.end()
  }
}

/** Draws the letters that are still undrawn, the oldest first. A letter that fails stops no other. */
export async function drawLetters(now: Instant): Promise<void> {
  const undrawn = {
    where: { pdfSha256: null },
    orderBy: [{ madeAt: 'asc' as const }, { id: 'asc' as const }],
    take: 100,
    select: { id: true },
  }
  for (const { id } of await transaction((tx) => tx.carrierLetter.findMany(undrawn))) {
    try {
      await drawLetter(id, now)
    } catch (err) {
      log().error({ err, letter: id }, 'a letter could not be drawn')
    }
  }
}
