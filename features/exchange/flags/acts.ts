import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, answer, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { carrierName, lockAcknowledgement } from '../carriers/data.ts'
import { tellCarrier } from '../notices/acts.ts'
import type { FlagFacts } from './data.ts'
import type { FlagKind } from './rules.ts'

/** Flags a carrier, and tells it and the relay, unless the flag is already up. */
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
  const { count } = await tx.carrierFlag.createMany({
    data: [{ id: randomUUID(), carrierId, kind, facts: { ...facts }, raisedAt: at }],
    skipDuplicates: true,
  })
  if (count === 0) return
  await auditFlag(tx, 'carrier.flagged', flag, at)
  const values = { ...facts, carrier: await carrierName(tx, carrierId) }
  await tellCarrier(tx, { template: `flag_${kind}`, carrierId, values })
}

/** Ends a carrier's flag because the fault is gone, and audits that. */
export async function resolveFlag(tx: Tx, carrierId: string, kind: FlagKind, at: Instant): Promise<void> {
  const { count } = await tx.carrierFlag.updateMany({
    where: { carrierId, kind, endedAt: null },
    data: { endedAt: at },
  })
  if (count > 0) await auditFlag(tx, 'carrier.flag_healed', { carrierId, kind }, at)
}

/**
 * Flags a carrier that gets orders by letter but whose system still reads them. The lines that it reads there and those on paper
 * would be two books.
 */
export async function noteOtherWay(carrierId: string, at: Instant): Promise<void> {
  await transaction(async (tx) => {
    const up = await tx.carrierFlag.count({ where: { carrierId, kind: 'other_way', endedAt: null } })
    if (up > 0) return
    const { head, acked } = await lockAcknowledgement(tx, carrierId)
    await raiseCarrierFlag(tx, { carrierId, kind: 'other_way', facts: { lines: head - acked }, at })
  })
}

/** Takes a flag down with a note of its outcome. A fault that goes on flags the carrier again. */
export const clearFlag = act({
  name: 'carrier.flag_cleared',
  once: (actorId) => `flag.clear:${actorId}`,
  permission: 'carrier:manage',
  faults: 'carrier_flag',
  page: (_, carrier) => ({ pathname: '/admin/carriers/[carrier]', params: { carrier } }),
  input: z.object({
    flagId: z.uuid('general.invalid'),
    note: z
      .string('carrier_flag.note_missing')
      .trim()
      .min(1, 'carrier_flag.note_missing')
      .max(500, 'carrier_flag.note_too_long'),
  }),
  subject: {
    async lock(tx: Tx, { flagId }: { readonly flagId: string }) {
      await tx.$queryRaw`SELECT 1 FROM carrier_flags WHERE id = ${flagId}::uuid FOR UPDATE`
      return (await tx.carrierFlag.findFirst({ where: { id: flagId, endedAt: null } })) ?? refuse('closed')
    },
    entry: ({ id, carrierId }: { readonly id: string; readonly carrierId: string }) => ({
      subject: { kind: 'carrier', id: carrierId },
      facts: { flagId: id },
    }),
  },
  async run({ tx, subject: { id, carrierId }, actor, input: { note }, now }) {
    const data = { clearedById: actor.id, note, endedAt: now }
    await tx.carrierFlag.update({ where: { id }, data, select: { id: true } })
    return answer(carrierId)
  },
})

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
