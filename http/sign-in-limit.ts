import '#server-only'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { clientAddress } from './address.ts'

/**
 * Runs a sign-in attempt unless the address has failed too often, over all accounts. An attempt counts from its start until it
 * succeeds, so parallel attempts do not bypass the limit, and a whole office can sign in behind one address.
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
