import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import {
  askedWordsForUpdate,
  askOfWords,
  countWaiting,
  decideWords,
  saveWord,
  sharedLoad,
  takeBackWord,
} from '../repository/shared-words.ts'
import { settlePriority } from '../rules/settlement.ts'
import { isOverShared, type SharedVerdict } from '../rules/shared-word.ts'
import { raiseCarrierFlag, resolveFlag } from './flags.ts'

/** The answers to one order's lines that say, or say no more, that an IMEI is in several phones. */
export interface SharedNews {
  readonly orderId: string
  readonly said: readonly string[]
  readonly takenBack: readonly string[]
}

/**
 * Writes down what a carrier says of shared IMEIs. Where it says so more often than is likely, its further words wait
 * for the relay, which is told together with the carrier. The caller holds `lockWords`.
 */
export async function recordWords(
  tx: Tx,
  carrierId: string,
  news: readonly SharedNews[],
  by: Actor,
  now: Instant,
): Promise<void> {
  for (const { orderId, said, takenBack } of news) {
    for (const imei of takenBack) await takeBackWord(tx, orderId, imei)
    if (said.length === 0) continue
    const load = await sharedLoad(tx, carrierId, {
      day: addMilliseconds(now, -DAY),
      month: addMilliseconds(now, -30 * DAY),
    })
    const waits = isOverShared({ ...load, day: load.day + 1, month: load.month + 1 })
    const own = by.kind === 'carrier'
    for (const imei of said) await saveWord(tx, { orderId, imei, carrierId, own, waits, saidAt: now })
  }
  const waiting = await countWaiting(tx, carrierId)
  if (waiting > 0)
    await raiseCarrierFlag(tx, { carrierId, kind: 'shared_many', facts: { words: waiting }, at: now })
}

export type SharedWordsRefusal = 'forbidden' | 'note_missing' | 'none_waiting' | 'not_asked' | 'own_request'

/** Asks that the waiting words of a carrier count, or be dismissed. Nothing changes until another person confirms it. */
export const askSharedWords = (
  actor: StaffActor,
  input: {
    readonly carrierId: string
    readonly verdict: SharedVerdict
    readonly note: string
    readonly submitKey: string
  },
  now: Instant,
): Promise<Result<string, SharedWordsRefusal>> =>
  onWords(actor, input, 'carrier.shared_words_asked', now, async (tx) => {
    const note = input.note.trim()
    if (note === '') return err('note_missing')
    const words = await askOfWords(tx, input.carrierId, { verdict: input.verdict, note, askedById: actor.id })
    return words === 0 ? err('none_waiting') : ok({ words, verdict: input.verdict })
  })

/** Confirms what another person asked for: the words count, and their cases are looked at, or they are dismissed. */
export const confirmSharedWords = (
  actor: StaffActor,
  input: { readonly carrierId: string; readonly verdict: SharedVerdict; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, SharedWordsRefusal>> =>
  onWords(actor, input, 'carrier.shared_words_confirmed', now, async (tx) => {
    const words = (await askedWordsForUpdate(tx, input.carrierId)).filter(
      ({ verdict }) => verdict === input.verdict,
    )
    if (words.length === 0) return err('not_asked')
    if (words.some(({ askedById }) => askedById === actor.id)) return err('own_request')
    const state = input.verdict === 'count' ? 'open' : 'dismissed'
    await decideWords(tx, words, { state, decidedById: actor.id })
    if (state === 'open')
      for (const caseId of new Set(words.flatMap((word) => word.caseId ?? [])))
        await enqueue(tx, 'case-settle', { caseId }, { priority: settlePriority(now) })
    if ((await countWaiting(tx, input.carrierId)) === 0)
      await resolveFlag(tx, input.carrierId, 'shared_many', now)
    return ok({ words: words.length, verdict: input.verdict })
  })

function onWords(
  actor: StaffActor,
  input: { readonly carrierId: string; readonly submitKey: string },
  act: AuditAct,
  now: Instant,
  work: (
    tx: Tx,
  ) => Promise<Result<{ readonly words: number; readonly verdict: SharedVerdict }, SharedWordsRefusal>>,
): Promise<Result<string, SharedWordsRefusal>> {
  if (!may(actor.role, 'order:exempt')) return Promise.resolve(err('forbidden'))
  return actOnce<string, SharedWordsRefusal>(input.submitKey, `${act}:${actor.id}`, now, async (tx) => {
    const worked = await work(tx)
    if (!worked.ok) return worked
    const subject = { kind: 'carrier', id: input.carrierId } as const
    await audit(tx, { actor, act, subject, facts: worked.value, at: now })
    return ok(input.carrierId)
  })
}
