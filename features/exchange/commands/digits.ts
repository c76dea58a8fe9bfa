import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { digitsForUpdate, saveDigits } from '../repository/carriers.ts'
import type { ImeiDigits } from '../rules/list-files.ts'

/** Sets how many digits of an IMEI a carrier's files have; its book always has 15. */
export async function setDigits(
  actor: StaffActor,
  input: { readonly carrierId: string; readonly digits: ImeiDigits; readonly submitKey: string },
  now: Instant,
): Promise<Result<null, 'forbidden' | 'not_found'>> {
  const { carrierId, digits } = input
  const scope = carrierScope(actor)
  if (!scope) return err('forbidden')
  if (!reachesCarrier(scope, carrierId)) return err('not_found')
  const done = await actOnce<boolean, 'not_found'>(input.submitKey, 'carrier.digits', now, async (tx) => {
    const before = await digitsForUpdate(tx, carrierId)
    if (before === null) return err('not_found')
    if (before === digits) return ok(false)
    await saveDigits(tx, carrierId, digits)
    await audit(tx, {
      actor,
      act: 'carrier.digits',
      subject: { kind: 'carrier', id: carrierId },
      facts: { from: before, to: digits },
      at: now,
    })
    return ok(true)
  })
  return done.ok ? ok(null) : done
}
