import '#server-only'
import { kioskSeen } from '#features/agencies/commands/kiosks.ts'
import { kioskOf } from '#features/agencies/queries/kiosks.ts'
import { versionsOf } from '#features/agencies/repository/agencies.ts'
import { versionOn } from '#features/agencies/rules/lineage.ts'
import { allValues, lastValue } from '#lib/raw-form.ts'
import { err, type Result } from '#lib/result.ts'
import { type Instant, localDate, SECOND } from '#lib/time.ts'
import { isSigned } from '#platform/device-keys.ts'
import {
  type DeviceRefusal,
  KIOSK_AHEAD,
  KIOSK_LATE,
  type KioskRefusal,
  kioskMessage,
} from '../rules/kiosk.ts'
import type { ReceiptNumber } from '../rules/receipt.ts'
import { type RatingRefusal, rate, type SentRating } from './rate.ts'

/**
 * Takes a rating from a kiosk's device, which has signed it with its key. The day is that on which it was given. Where the
 * agency did not exist on it, today is tried. Where the agency has ended or was withdrawn, answers of its own days are still
 * taken. Any other is refused with `ended`, and the device keeps it for a day, so that it is not lost should the end be a
 * mistake.
 */
export async function rateAtKiosk(
  sent: Omit<SentRating, 'sender' | 'channel'>,
  now: Instant,
): Promise<
  Result<
    ReceiptNumber,
    RatingRefusal | { readonly kind: 'kiosk'; readonly refusal: KioskRefusal | DeviceRefusal | 'ended' }
  >
> {
  const { typed } = sent
  const kiosk = await kioskOf(lastValue(typed, 'kiosk'), sent.agencyId, now)
  if (!kiosk.ok) return err({ kind: 'kiosk', refusal: kiosk.error })
  const { id, publicKey, ceiling } = kiosk.value
  if (publicKey === null) return err({ kind: 'kiosk', refusal: 'unpaired' })
  const fields = Object.keys(typed).flatMap((name) =>
    allValues(typed, name).map((value) => [name, value] as const),
  )
  if (!isSigned(publicKey, kioskMessage(id, fields), lastValue(typed, 'signature')))
    return err({ kind: 'kiosk', refusal: 'unsigned' })
  await kioskSeen(id, now)
  const at = new Date(Number(lastValue(typed, 'at') || Number.NaN) * SECOND)
  const age = now.getTime() - at.getTime()
  if (!(age >= -KIOSK_AHEAD && age <= KIOSK_LATE)) return err({ kind: 'kiosk', refusal: 'clock' })
  const sender = { kind: 'kiosk', kioskId: id, at, ceiling } as const
  const rateOn = (serviceDate: string) => rate({ ...sent, typed: { ...typed, serviceDate }, sender }, now)
  const today = localDate(now)
  const given = at > now ? today : localDate(at)
  const rated = await rateOn(given)
  if (rated.ok || !isOfNoAgency(rated.error)) return rated
  // The catalogue may have changed while the answer was on its way: read it again.
  const versions = await versionsOf(sent.agencyId, today)
  const open = [given, today].find((date) => versionOn(versions, date) !== null)
  return open === undefined ? err({ kind: 'kiosk', refusal: 'ended' }) : rateOn(open)
}

const isOfNoAgency = (refusal: RatingRefusal): boolean =>
  refusal.kind === 'gone' || (refusal.kind === 'faults' && 'serviceDate' in refusal.faults)
