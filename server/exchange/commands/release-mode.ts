import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { type ReleaseMode, readTimes } from '#domain/exchange/guard.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { enqueue } from '#server/platform/queue.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { saveReleaseMode } from '../repository/carriers.ts'

export type ReleaseModeRefusal = 'forbidden' | 'not_found' | 'times_invalid'

/**
 * Says how blocks go out to one carrier, or to all: at once, when somebody sends them, or at times of the day. What
 * waits for a carrier that waits no more goes out at once.
 */
export async function setReleaseMode(
  actor: StaffActor,
  input: {
    readonly carrierId: string | null
    readonly releaseMode: ReleaseMode
    readonly times: string
    readonly submitKey: string
  },
  now: Instant,
): Promise<Result<null, ReleaseModeRefusal>> {
  if (!may(actor.role, 'order:release')) return err('forbidden')
  const { carrierId, releaseMode } = input
  const releaseTimes = releaseMode === 'at_times' ? readTimes(input.times) : []
  if (releaseTimes === null) return err('times_invalid')
  const done = await actOnce<number, ReleaseModeRefusal>(
    input.submitKey,
    `carrier.release_mode:${actor.id}`,
    now,
    async (tx) => {
      const changed = await saveReleaseMode(tx, carrierId, { releaseMode, releaseTimes })
      if (changed.length === 0) return err('not_found')
      for (const id of changed) {
        const facts = { mode: releaseMode, times: releaseTimes.join(' ') }
        const subject = { kind: 'carrier', id } as const
        await audit(tx, { actor, act: 'carrier.release_mode', subject, facts, at: now })
      }
      await enqueue(tx, 'order-release', {})
      return ok(changed.length)
    },
  )
  return done.ok ? ok(null) : done
}
