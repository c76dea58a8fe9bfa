import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { storeKeys } from '../repository/preferences.ts'

/** Stores whether the keys of the pages act for a person; the same choice again is not written down again. */
export const setKeys = (actor: StaffActor, on: boolean, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    if (!(await storeKeys(tx, actor.id, on))) return
    const subject = { kind: 'account', id: actor.id } as const
    await audit(tx, { actor, act: 'account.set_preferences', subject, at: now })
  })
