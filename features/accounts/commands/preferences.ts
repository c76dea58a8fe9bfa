import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import {
  type MailPreferences,
  storeKeys,
  storeMailPreferences,
  storeRoomy,
} from '../repository/preferences.ts'

const written = (tx: Tx, actor: StaffActor, now: Instant): Promise<void> =>
  audit(tx, {
    actor,
    act: 'account.set_preferences',
    subject: { kind: 'account', id: actor.id },
    at: now,
  })

/** Stores whether the keys of the pages act for a person; the same choice again is not written down again. */
export const setKeys = (actor: StaffActor, on: boolean, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    if (await storeKeys(tx, actor.id, on)) await written(tx, actor, now)
  })

/** Stores how dense a person wants their lists; the same choice again is not written down again. */
export const setRoomy = (actor: StaffActor, roomy: boolean, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    if (await storeRoomy(tx, actor.id, roomy)) await written(tx, actor, now)
  })

/** Stores when a person is written to about what waits for them. */
export const setMailPreferences = (
  actor: StaffActor,
  preferences: MailPreferences,
  now: Instant,
): Promise<void> =>
  transaction(async (tx) => {
    await storeMailPreferences(tx, actor.id, preferences)
    await written(tx, actor, now)
  })
