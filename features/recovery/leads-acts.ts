import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { writeCaseScope } from '#features/cases/record/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { isRecoveryOn } from './data.ts'
import { lookDue } from './rules.ts'

/**
 * Opens leads for the units of blocked phones that a shop has checked and was told are blocked: one per case, shop and day. The
 * shop's own page is the same with or without a lead.
 */
export async function openLeads(
  tx: Tx,
  shop: StaffActor,
  reported: readonly string[],
  now: Instant,
): Promise<void> {
  if (reported.length === 0 || !isRecoveryOn()) return
  await widenScope(tx, systemScope())
  // The lock makes an erasure of the case wait for this transaction; a case erased before is skipped.
  const cases = await tx.$queryRaw<{ caseId: string }[]>`
    SELECT k.case_id::text AS "caseId" FROM case_keys k
    WHERE length(k.wrapped) > 0 AND k.case_id IN (
      SELECT i.case_id FROM case_imeis i WHERE i.is_public AND i.key14 = ANY(${[...reported]}::character(14)[]))
    ORDER BY k.case_id FOR KEY SHARE`
  const opened = await tx.shopLead.createManyAndReturn({
    data: cases.map(({ caseId }) => ({
      ...{ id: randomUUID(), caseId, accountId: shop.id, day: new Date(localDate(now)) },
      ...{ at: now, dueAt: lookDue(now) },
    })),
    skipDuplicates: true,
    select: { caseId: true },
  })
  for (const { caseId } of opened) {
    const subject = { kind: 'case', id: caseId } as const
    await audit(tx, { actor: shop, act: 'sighting.shop_checked', subject, caseId, at: now })
  }
}

/** Records that police have looked at a lead, whether they asked the shop or not. */
export const lookAtLead = act({
  name: 'sighting.shop_looked',
  permission: 'case:decide',
  faults: 'recovery',
  page: () => '/admin/recovery',
  input: z.object({ leadId: z.uuid('general.invalid') }),
  within: (work) => inScope(systemScope(), work),
  subject: {
    async lock(tx: Tx, { leadId }: { readonly leadId: string }, actor: StaffActor) {
      const scope = staffScope(actor)
      const where = { id: leadId, dueAt: { not: null } }
      const lead =
        scope &&
        (await tx.shopLead.findFirst({
          where: { ...where, key: { case: writeCaseScope(scope) } },
          select: { id: true, caseId: true },
        }))
      if (!lead) return refuse('not_now')
      const { count } = await tx.shopLead.updateMany({ where, data: { dueAt: null } })
      return count === 1 ? lead : refuse('not_now')
    },
    entry: ({ caseId }: { readonly caseId: string }) => ({ subject: { kind: 'case', id: caseId }, caseId }),
  },
  run: async () => {},
})

/** Stores a shop's address, so that police can follow its check of a blocked phone there. */
export const writeShopAddress = act({
  name: 'check.address',
  permission: 'imei:check_list',
  faults: 'shop',
  page: () => ({ pathname: '/admin/shop', query: { done: 'address' } }),
  input: z.object({
    shopAddress: z
      .string('general.invalid')
      .trim()
      .min(1, 'shop.address_empty')
      .max(200, 'shop.address_long'),
  }),
  subject: {
    lock: async (_tx: Tx, _input: object, actor: StaffActor) => actor,
    entry: ({ id }: StaffActor) => ({ subject: { kind: 'account', id } }),
  },
  async run({ tx, actor: { id: accountId }, input: { shopAddress: address } }) {
    await tx.shopAddress.upsert({
      where: { accountId },
      create: { accountId, address },
      update: { address },
      select: { accountId: true },
    })
  },
})
