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
 * Takes a rating from a kiosk, by the link of its page. Its form asks for no day: that is today, unless the device kept
 * the answer through a network break and says when it was given. A day that cannot be, or on which the agency was not
 * there, is its clock's, and nobody's fault. Where the agency has ended, or was taken back, what was given on its days
 * is taken still, and the rest is kept on the device: it is lost neither silently nor should the end have been a
 * mistake.
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
  // Asked once more: its catalogue may have been changed while the answer was on its way.
  const versions = await versionsOf(sent.agencyId, today)
  const open = [given, today].find((date) => versionOn(versions, date) !== null)
  return open === undefined ? err({ kind: 'kiosk', refusal: 'ended' }) : rateOn(open)
}

const isOfNoAgency = (refusal: RatingRefusal): boolean =>
  refusal.kind === 'gone' || (refusal.kind === 'faults' && 'serviceDate' in refusal.faults)
