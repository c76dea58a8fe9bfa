import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { linesAfter } from '../repository/book.ts'
import { acknowledgementForUpdate } from '../repository/carriers.ts'
import {
  carriersOnPaper,
  insertLetter,
  letteredUpTo,
  nameOnPaper,
  nextLetterNumber,
} from '../repository/letters.ts'
import { annexOf, LINES_A_LETTER, letterNumber } from '../rules/letter.ts'

export type LetterRefusal = 'forbidden' | 'not_on_paper' | 'nothing_new'

/** Makes a letter of the new lines now, for a person of the relay who does not wait for the hour. Returns its id. */
export async function makeLetterNow(
  actor: StaffActor,
  input: { readonly carrierId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, LetterRefusal>> {
  if (!may(actor.role, 'letter:manage')) return err('forbidden')
  return actOnce<string, LetterRefusal>(input.submitKey, 'letter.make', now, (tx) =>
    makeLetter(tx, input.carrierId, actor, now),
  )
}

/** Puts everything new into letters, carrier by carrier: each letter is whole, wherever this stops. */
export async function gatherLetters(now: Instant): Promise<number> {
  let made = 0
  for (const { carrierId } of await carriersOnPaper()) {
    while ((await transaction((tx) => makeLetter(tx, carrierId, { kind: 'system' }, now))).ok) made++
  }
  return made
}

/**
 * Makes a letter of the next lines of a carrier's book. The carrier's row is locked, so a line stands in one letter;
 * the year's number is taken in the same transaction, so none is left out.
 */
async function makeLetter(
  tx: Tx,
  carrierId: string,
  by: Actor,
  now: Instant,
): Promise<Result<string, 'not_on_paper' | 'nothing_new'>> {
  const addressee = await nameOnPaper(tx, carrierId)
  if (addressee === null) return err('not_on_paper')
  const { head } = await acknowledgementForUpdate(tx, carrierId)
  const after = await letteredUpTo(tx, carrierId)
  if (after >= head) return err('nothing_new')
  const upTo = Math.min(head, after + LINES_A_LETTER)
  const lines = await linesAfter(carrierId, after, upTo, LINES_A_LETTER, tx)
  const number = await nextLetterNumber(tx, Number(localDate(now).slice(0, 4)))
  const id = randomUUID()
  const annexSha256 = createHash('sha256').update(annexOf(lines)).digest('hex')
  await insertLetter(tx, {
    ...number,
    id,
    carrierId,
    after,
    upTo,
    rows: lines.length,
    facts: {
      authority: env().AUTHORITY_NAME,
      addressee,
      legalBases: [...new Set(lines.map(({ legalBasis }) => legalBasis))],
    },
    annexSha256,
    madeAt: now,
    madeById: by.kind === 'staff' ? by.id : null,
  })
  await audit(tx, {
    actor: by,
    act: 'letter.make',
    subject: { kind: 'letter', id },
    facts: { carrier: carrierId, number: letterNumber(number), from: after + 1, upTo, annex: annexSha256 },
    at: now,
  })
  await enqueue(tx, 'letter-draw', { letterId: id })
  return ok(id)
}
