import '#server-only'
import { err, type Result } from '#domain/result.ts'
import type { KioskRefusal } from '#domain/survey/kiosk.ts'
import { versionOn } from '#domain/survey/lineage.ts'
import type { ReceiptNumber } from '#domain/survey/receipt.ts'
import { parseServiceDate } from '#domain/survey/service-date.ts'
import { once } from '#domain/survey/typed.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { kioskOf } from '../loaders/kiosks.ts'
import { versionsOf } from '../repository/agencies.ts'
import { type RatingRefusal, rate, type SentRating } from './rate.ts'

/**
 * A rating from a kiosk, by the link of its page. Its form asks for no day: that is today, unless the device kept the
 * answer through a network break and says when it was given. A day that cannot be is its clock's, and nobody's fault.
 * Where the agency has ended, what was given on its days is taken still, and the rest is kept on the device: it is lost
 * neither silently nor should the end have been a mistake.
 */
export async function rateAtKiosk(
  sent: Omit<SentRating, 'sender'>,
  now: Instant,
): Promise<
  Result<ReceiptNumber, RatingRefusal | { readonly kind: 'kiosk'; readonly refusal: KioskRefusal | 'ended' }>
> {
  const kiosk = await kioskOf(once(sent.typed, 'kiosk'), sent.agencyId, now)
  if (!kiosk.ok) return err({ kind: 'kiosk', refusal: kiosk.error })
  const day = parseServiceDate(once(sent.typed, 'serviceDate'), now)
  const serviceDate = day.ok ? day.value : localDate(now)
  const sender = { kind: 'kiosk', kioskId: kiosk.value.id } as const
  const rated = await rate({ ...sent, typed: { ...sent.typed, serviceDate }, sender }, now)
  if (rated.ok || rated.error.kind !== 'faults' || !('serviceDate' in rated.error.faults)) return rated
  const today = localDate(now)
  const open = versionOn(await versionsOf(sent.agencyId, today), today) !== null
  return open ? rated : err({ kind: 'kiosk', refusal: 'ended' })
}
