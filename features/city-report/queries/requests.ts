import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { countOtherManagers } from '../repository/requests.ts'

/** Tells whether anybody but this manager could confirm what they ask. */
export const hasAnotherManager = async (actor: StaffActor): Promise<boolean> =>
  may(actor.role, 'survey:manage') && (await countOtherManagers(actor.id)) > 0
