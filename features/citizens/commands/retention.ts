import '#server-only'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant, MINUTE } from '#lib/time.ts'
import { retention } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { PARTS, removeEmpty, removeUnseen } from '../repository.ts'

/** Often enough that the retention's runs, one in ten minutes, come to each part in its turn. */
const TURN = 10 * MINUTE

/**
 * Forgets who has not signed in for long, and who came, kept no case, and has no session any more. Of these a part at a
 * time: nothing marks a list that is empty, and most are not.
 */
export const forgetIdle = (now: Instant): Promise<number> =>
  inScope(systemScope(), async () => {
    const unseen = await removeUnseen(monthsBefore(now, retention().identityMonths))
    const part = Math.floor(now.getTime() / TURN) % PARTS
    return unseen + (await removeEmpty(part, addMilliseconds(now, -DAY)))
  })
