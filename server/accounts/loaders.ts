import '#server-only'
import { keyedHash } from '#server/platform/crypto.ts'
import { invited } from './repository.ts'

export { type AccountRow, type Assignable, allAccounts, assignable, namesOf } from './repository.ts'

/** Whose first password an invitation link sets, or null when it is used, too old or made up. */
export const invitedBy = (token: string, now: Date): Promise<{ email: string; name: string } | null> =>
  invited(keyedHash('invitation', token), now)
