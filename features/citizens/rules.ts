import { parseName } from '#lib/person/name.ts'
import { type IdKind, parseNationalId } from '#lib/person/national-id.ts'
import { addMilliseconds, HOUR, type Instant, MINUTE } from '#lib/time.ts'

/** A person may have to fetch their phone to sign in at the provider. */
export const ATTEMPT_LIFE = 10 * MINUTE

/** A citizen's session ends an hour after its last use, and at the latest after eight, because many phones are borrowed. */
const IDENTITY_IDLE = HOUR
export const IDENTITY_LIFE = 8 * HOUR

export const identityExpiry = (now: Instant, endsAt: Instant): Instant =>
  new Date(Math.min(addMilliseconds(now, IDENTITY_IDLE).getTime(), endsAt.getTime()))

export const SIGN_IN_FAULTS = ['cancelled', 'expired', 'refused', 'unavailable', 'too_many'] as const
export type CitizenSignInFault = (typeof SIGN_IN_FAULTS)[number]

/** Facts from the provider that prefill a report; stored only for the session. */
export interface KnownPerson {
  readonly fullName?: string
  readonly idKind?: IdKind
  readonly nationalId?: string
}

/** Reads the person's facts from a provider's claims; drops those that the report would refuse. */
export function knownPerson(
  claims: Readonly<Record<string, unknown>>,
  names: {
    readonly fullName: string | undefined
    readonly nationalId: string | undefined
  },
  now: Instant,
): KnownPerson {
  const text = (name: string | undefined): string => {
    const value = name === undefined ? undefined : claims[name]
    return typeof value === 'string' ? value : ''
  }
  const fullName = parseName(text(names.fullName))
  const nationalId = parseNationalId('cccd', text(names.nationalId), now)
  return {
    ...(fullName.ok && { fullName: fullName.value }),
    ...(nationalId.ok && { idKind: 'cccd' as const, nationalId: nationalId.value }),
  }
}
