import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { transaction } from '#platform/db.ts'
import { endSessions } from '../repository/sessions.ts'

type Which = Parameters<typeof endSessions>[3]

/** Ends one of a person's own sessions; one that has ended already, or is another's, changes nothing. */
export const endOwnSession = (actor: StaffActor, sessionId: string, now: Instant): Promise<number> =>
  end(actor, actor.id, now, { only: sessionId })

/** Ends all of a person's own sessions but the one whose token is given. */
export const endOtherSessions = (actor: StaffActor, token: string, now: Instant): Promise<number> =>
  end(actor, actor.id, now, { but: keyedHash('staff-session', token) })

/** Ends all sessions of an account, for an admin. */
export async function endAllSessions(
  actor: StaffActor,
  accountId: string,
  now: Instant,
): Promise<Result<number, 'forbidden'>> {
  return may(actor.role, 'account:manage') ? ok(await end(actor, accountId, now)) : err('forbidden')
}

const end = (actor: StaffActor, accountId: string, now: Instant, which?: Which): Promise<number> =>
  transaction(async (tx) => {
    const ended = await endSessions(tx, accountId, now, which)
    if (ended === 0) return 0
    await audit(tx, {
      actor,
      act: 'account.end_sessions',
      subject: { kind: 'account', id: accountId },
      facts: { ended },
      at: now,
    })
    return ended
  })
