import { type MobileFault, type Msisdn, parseMobile } from '#lib/person/phone-number.ts'
import { err, ok, type Result } from '#lib/result.ts'

/** Version of the consent's exact words: changed words need a new version (rules.test.ts insists). */
export const ALERT_CONSENT = '2026-12-02'

/** The first version that says that the person's id number is sent to the number's carrier, to ask whose number it is. */
export const CARRIER_IS_ASKED = '2026-12-02'

export interface Choice {
  readonly id: string
  readonly name: string
}

export interface Sharing {
  readonly receivers: readonly string[]
  readonly msisdn: Msisdn
}

export type SharingFaults = Readonly<Partial<Record<'share' | 'shareNumber', string>>>

/**
 * Parses the ticked receivers and the number; null if nothing is ticked. Faults are keys of `faults`.
 *
 * @param open the receivers that may be chosen; any other was stopped meanwhile, or typed by hand
 */
export function readSharing(
  share: readonly string[],
  shareNumber: string,
  open: readonly Choice[],
): Result<Sharing | null, SharingFaults> {
  const receivers = [...new Set(share.filter((one) => one !== ''))]
  if (receivers.length === 0) return ok(null)
  if (!receivers.every((id) => open.some((one) => one.id === id)))
    return err({ share: 'alerts.unknown_receiver' })
  const number = parseMobile(shareNumber)
  return number.ok ? ok({ receivers, msisdn: number.value }) : err({ shareNumber: numberFault(number.error) })
}

const numberFault = (fault: MobileFault): string =>
  fault === 'empty' ? 'alerts.number_empty' : `report.mobile.${fault}`

export const ALERT_STATES = ['waiting', 'queued', 'sent', 'answered', 'ended', 'withdrawn'] as const
/**
 * `waiting`: nothing may be sent yet. `queued`: it waits to be fetched. `ended`: the receiver says that the number is not this
 * person's.
 */
export type AlertState = (typeof ALERT_STATES)[number]

export interface SharedWith {
  readonly consentId: string
  readonly receiverId: string
  readonly name: string
  readonly numbers: readonly string[]
  /** The shared number, masked; null once it is no longer stored. */
  readonly number: string | null
  readonly state: AlertState
  readonly outcome: 'locked' | 'no_customer' | 'call_needed' | 'refused' | 'not_subscriber' | null
  readonly at: Date
}
