import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { lockModes } from '../repository/carriers.ts'
import { type ReleaseMode, readTimes, stopsSeveral } from '../rules/guard.ts'
import { type AskedOfCarrier, type AskedRefusal, askOfCarrier, changeMode } from './approvals.ts'

export type ReleaseModeRefusal = 'forbidden' | 'not_found' | 'times_invalid' | AskedRefusal

/**
 * Says how blocks go out to one carrier, or to all: at once, when a person of the relay sends them, or at times of the
 * day. The batch that waits for a carrier goes out at once when its mode becomes `automatic`. One person may keep back the
 * blocks of one carrier; more at a time need a second person.
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
): Promise<Result<AskedOfCarrier, ReleaseModeRefusal>> {
  if (!may(actor.role, 'order:release')) return err('forbidden')
  const { carrierId, releaseMode, submitKey } = input
  const releaseTimes = releaseMode === 'at_times' ? readTimes(input.times) : []
  if (releaseTimes === null) return err('times_invalid')
  const act = `carrier.release_mode:${actor.id}`
  return actOnce<AskedOfCarrier, ReleaseModeRefusal>(submitKey, act, now, async (tx) => {
    const modes = await lockModes(tx)
    if (carrierId !== null && !modes.has(carrierId)) return err('not_found')
    const content = { carrierId, releaseMode, releaseTimes }
    if (stopsSeveral(modes, content)) return askOfCarrier(tx, actor, 'carrier.mode', content, now)
    return (await changeMode(tx, actor.id, content, now)) ? ok('done') : err('not_found')
  })
}
