import '#server-only'
import { kioskSeen } from '#features/agencies/commands/kiosks.ts'
import { kioskOf } from '#features/agencies/queries/kiosks.ts'
import { versionsOf } from '#features/agencies/repository/agencies.ts'
import { versionOn } from '#features/agencies/rules/lineage.ts'
import { lastValue } from '#lib/raw-form.ts'
import { err, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { KioskRefusal } from '../rules/kiosk.ts'
import type { ReceiptNumber } from '../rules/receipt.ts'
import { parseServiceDate } from '../rules/service-date.ts'
import { type RatingRefusal, rate, type SentRating } from './rate.ts'

/**
 * Takes a rating from a kiosk, by the link of its page. The form asks for no day: it is today, unless the device kept
 * the answer through a network break and says when it was given. A day that is impossible, or on which the agency did
 * not exist, is a fault of the device's clock: then today is tried. Where the agency has ended or was withdrawn,
 * answers of its own days are still taken. Any other is refused with `ended`, and the device keeps it, so that it is
 * not lost should the end be a mistake.
 */
export async function rateAtKiosk(
  sent: Omit<SentRating, 'sender'>,
  now: Instant,
): Promise<
  Result<ReceiptNumber, RatingRefusal | { readonly kind: 'kiosk'; readonly refusal: KioskRefusal | 'ended' }>
> {
  const kiosk = await kioskOf(lastValue(sent.typed, 'kiosk'), sent.agencyId, now)
  if (!kiosk.ok) return err({ kind: 'kiosk', refusal: kiosk.error })
  await kioskSeen(kiosk.value.id, now)
  const sender = { kind: 'kiosk', kioskId: kiosk.value.id } as const
  const rateOn = (serviceDate: string) =>
    rate({ ...sent, typed: { ...sent.typed, serviceDate }, sender }, now)
  const day = parseServiceDate(lastValue(sent.typed, 'serviceDate'), now)
  const today = localDate(now)
  const given = day.ok ? day.value : today
  const rated = await rateOn(given)
  if (rated.ok || !isOfNoAgency(rated.error)) return rated
  // The catalogue may have changed while the answer was on its way: read it again.
  const versions = await versionsOf(sent.agencyId, today)
  const open = [given, today].find((date) => versionOn(versions, date) !== null)
  return open === undefined ? err({ kind: 'kiosk', refusal: 'ended' }) : rateOn(open)
}

const isOfNoAgency = (refusal: RatingRefusal): boolean =>
  refusal.kind === 'gone' || (refusal.kind === 'faults' && 'serviceDate' in refusal.faults)
