import type { StaffRole } from '#lib/access/roles.ts'
import { MINUTE } from '#lib/time.ts'

/** The groups of roles that PASSKEYS_REQUIRED can name (ADR 90). */
export const PASSKEY_GROUPS = ['police', 'relay', 'admin', 'auditor'] as const
export type PasskeyGroup = (typeof PASSKEY_GROUPS)[number]

export const ROLES_OF: Readonly<Record<PasskeyGroup, readonly StaffRole[]>> = {
  police: ['officer', 'supervisor', 'city_police'],
  relay: ['relay'],
  admin: ['admin'],
  auditor: ['auditor'],
}

/** Milliseconds within which a passkey has to sign its challenge. */
export const CHALLENGE_LIFE = 5 * MINUTE
/** Enough for one on each device and a spare key in the safe. */
export const MOST_PASSKEYS = 10
export const PASSKEY_NAME_MAX = 60

export function passkeyHost(address: string): { readonly id: string; readonly origin: string } | null {
  const { hostname, origin, protocol } = new URL(address)
  if (hostname === 'localhost') return { id: hostname, origin }
  return protocol === 'https:' && !/^[\d.]+$|^\[/.test(hostname) ? { id: hostname, origin } : null
}
