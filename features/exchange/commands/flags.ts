import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { acknowledgementForUpdate, carrierName } from '../repository/carriers.ts'
import { endFlag, type FlagFacts, healFlag, isFlagged, raiseFlag } from '../repository/flags.ts'
import type { FlagKind } from '../rules/flag.ts'
import { tellCarrier } from './tell.ts'

/** Flags a carrier and tells it and the relay, once until the flag is over. */
export async function raiseCarrierFlag(
  tx: Tx,
  flag: {
    readonly carrierId: string
    readonly kind: FlagKind
    readonly facts: FlagFacts
    readonly at: Instant
  },
): Promise<void> {
  const { carrierId, kind, facts, at } = flag
  if ((await raiseFlag(tx, flag)) === null) return
  await auditFlag(tx, 'carrier.flagged', flag, at)
  const values = { ...facts, carrier: await carrierName(tx, carrierId) }
  await tellCarrier(tx, { template: `flag_${kind}`, carrierId, values })
}

/** Marks a carrier's flag as healed, and notes it in the audit log: what was wrong is right again. */
export async function resolveFlag(tx: Tx, carrierId: string, kind: FlagKind, at: Instant): Promise<void> {
  if ((await healFlag(tx, carrierId, kind, at)) !== null)
    await auditFlag(tx, 'carrier.flag_healed', { carrierId, kind }, at)
}

/**
 * Flags a carrier whose orders come by letter and whose system asks for them all the same: what it reads there and what it is
 * told on paper would be two books.
 */
export async function noteOtherWay(carrierId: string, at: Instant): Promise<void> {
  if (await isFlagged(carrierId, 'other_way')) return
  await transaction(async (tx) => {
    const { head, acked } = await acknowledgementForUpdate(tx, carrierId)
    await raiseCarrierFlag(tx, { carrierId, kind: 'other_way', facts: { lines: head - acked }, at })
  })
}

export type ClearRefusal = 'forbidden' | 'note_missing' | 'over'

/** Takes a flag down with what came of it. What is still wrong flags the carrier again. */
export async function clearFlag(
  actor: StaffActor,
  input: { readonly flagId: string; readonly note: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, ClearRefusal>> {
  if (!may(actor.role, 'carrier:manage')) return err('forbidden')
  const note = input.note.trim()
  if (note === '') return err('note_missing')
  return actOnce<string, ClearRefusal>(input.submitKey, `flag.clear:${actor.id}`, now, async (tx) => {
    const carrierId = await endFlag(tx, input.flagId, { clearedById: actor.id, note }, now)
    if (carrierId === null) return err('over')
    const subject = { kind: 'carrier', id: carrierId } as const
    await audit(tx, {
      actor,
      act: 'carrier.flag_cleared',
      subject,
      facts: { flagId: input.flagId },
      at: now,
    })
    return ok(carrierId)
  })
}

const auditFlag = (
  tx: Tx,
  act: AuditAct,
  { carrierId: id, kind, facts = {} }: { carrierId: string; kind: FlagKind; facts?: FlagFacts },
  at: Instant,
) =>
  audit(tx, {
    actor: { kind: 'system' },
    act,
    subject: { kind: 'carrier', id },
    facts: { flag: kind, ...facts },
    at,
  })
