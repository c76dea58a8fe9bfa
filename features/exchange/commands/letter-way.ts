import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { cameOtherwise } from '../delivery/data.ts'
import { lockCarrier } from '../repository/carriers.ts'
import {
  type Letter,
  letterForUpdate,
  letterLines,
  receivedUpTo,
  saveHandover,
  saveReceipt,
} from '../repository/letters.ts'
import { dayFault, type Handover } from '../rules/letter.ts'
import { acknowledgeIn } from './acknowledge.ts'

export type LetterWayRefusal =
  | 'forbidden'
  | 'not_found'
  | 'not_drawn'
  | 'not_handed'
  | 'already_noted'
  | 'answered'
  | 'came_otherwise'
  | 'too_early'
  | 'in_future'

/**
 * Notes when and how a letter was handed over, once. Where the carrier may have received its lines another way, this
 * needs `meant`: otherwise it would be given the same order twice.
 */
export function handOver(
  actor: StaffActor,
  input: {
    readonly letterId: string
    readonly on: string
    readonly how: Handover
    readonly meant?: boolean
    readonly submitKey: string
  },
  now: Instant,
): Promise<Result<null, LetterWayRefusal>> {
  const { on, how, meant = false } = input
  return onLetter(actor, input, 'letter.hand_over', { on, how }, now, async (tx, letter) => {
    if (letter.pdfSha256 === null) return err('not_drawn')
    if (letter.handedOn !== null) return err('already_noted')
    const fault = dayFault(on, localDate(letter.madeAt), now)
    if (fault) return err(fault)
    await lockCarrier(tx, letter.carrierId)
    if (!meant && (await cameOtherwise(tx, letter))) return err('came_otherwise')
    await saveHandover(tx, letter.id, on, how)
    return ok(null)
  })
}

/**
 * Notes that the carrier has a letter, once: its lines count as received, as if the carrier had acknowledged them, as soon
 * as every letter before it has arrived too.
 */
export function receiveLetter(
  actor: StaffActor,
  input: {
    readonly letterId: string
    readonly on: string
    readonly as: string
    readonly submitKey: string
  },
  now: Instant,
): Promise<Result<null, LetterWayRefusal>> {
  const { on } = input
  return onLetter(actor, input, 'letter.receive', { on }, now, async (tx, letter) => {
    if (letter.handedOn === null) return err('not_handed')
    if (letter.receivedOn !== null) return err('already_noted')
    if (await isAnswered(letter, tx)) return err('answered')
    const fault = dayFault(on, letter.handedOn, now)
    if (fault) return err(fault)
    await lockCarrier(tx, letter.carrierId)
    await saveReceipt(tx, letter.id, on, input.as === '' ? null : input.as)
    const upTo = await receivedUpTo(tx, letter.carrierId)
    if (upTo !== null) await acknowledgeIn(tx, letter.carrierId, upTo, now, actor)
    return ok(null)
  })
}

/** Tells whether every line is answered: then the carrier has the letter, and nothing is left to note. */
const isAnswered = async (letter: Letter, tx: Tx): Promise<boolean> =>
  (await letterLines(letter, tx)).every(({ outcome }) => outcome !== null)

async function onLetter(
  actor: StaffActor,
  input: { readonly letterId: string; readonly submitKey: string },
  act: AuditAct,
  facts: Readonly<Record<string, string>>,
  now: Instant,
  work: (tx: Tx, letter: Letter) => Promise<Result<null, LetterWayRefusal>>,
): Promise<Result<null, LetterWayRefusal>> {
  if (!may(actor.role, 'letter:manage')) return err('forbidden')
  const done = await actOnce<string, LetterWayRefusal>(input.submitKey, act, now, async (tx) => {
    const letter = await letterForUpdate(tx, input.letterId)
    if (!letter) return err('not_found')
    const worked = await work(tx, letter)
    if (!worked.ok) return worked
    await audit(tx, { actor, act, subject: { kind: 'letter', id: letter.id }, facts, at: now })
    return ok(letter.id)
  })
  return done.ok ? ok(null) : done
}
