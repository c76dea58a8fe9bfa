import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { saveReleaseMode } from '../repository/carriers.ts'
import { type ReleaseMode, readTimes } from '../rules/guard.ts'

export type ReleaseModeRefusal = 'forbidden' | 'not_found' | 'times_invalid'

/**
 * Says how blocks go out to one carrier, or to all: at once, when a person of the relay sends them, or at times of the
 * day. The batch that waits for a carrier goes out at once when its mode becomes `automatic`.
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
