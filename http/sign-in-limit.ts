import '#server-only'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { clientAddress } from './address.ts'

/**
 * Lets an address try to sign in until it has failed too often, at all accounts together. A try counts from its
 * beginning, and no longer once it has succeeded: many at once are no way around, and a whole office can sign in behind
 * one address.
 */
export async function withinFailures<T extends object>(
  headers: Headers,
  attempt: () => Promise<T>,
): Promise<T | { readonly fault: { readonly code: 'wait'; readonly seconds: number } }> {
  const now = new Date()
  const address = clientAddress(headers)
  const { allowed, retryAfterSeconds } = await withinLimit('sign_in_address', address, now)
  if (!allowed) return { fault: { code: 'wait', seconds: retryAfterSeconds } }
  const result = await attempt()
  if (!('fault' in result)) await giveBack('sign_in_address', address, now)
  return result
}
