import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import type { MailPreferences } from './data.ts'

const written = (tx: Tx, actor: StaffActor, at: Instant): Promise<void> =>
  audit(tx, { actor, act: 'account.set_preferences', subject: { kind: 'account', id: actor.id }, at })

/** Stores whether the keys of the pages act for a person; the same choice again is not written down again. */
export const setKeys = (actor: StaffActor, on: boolean, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    const where = { id: actor.id, active: true, keysOn: !on }
    const { count } = await tx.staffAccount.updateMany({ where, data: { keysOn: on } })
    if (count === 1) await written(tx, actor, now)
  })

export const setMailPreferences = (
  actor: StaffActor,
  { choices, ...quiet }: MailPreferences,
  now: Instant,
): Promise<void> =>
  transaction(async (tx) => {
    const accountId = actor.id
    await tx.staffAccount.update({ where: { id: accountId }, data: quiet, select: { id: true } })
    for (const [kind, choice] of Object.entries(choices)) {
      const where = { accountId_kind: { accountId, kind } }
      await tx.mailChoice.upsert({ where, create: { accountId, kind, choice }, update: { choice } })
    }
    await written(tx, actor, now)
  })
