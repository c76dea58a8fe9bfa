import '#server-only'
import { headers } from 'next/headers'

/**
 * Throws if proxy.ts did not see this request: the page would have no nonce, and would trust headers that a client could forge.
 * The answer then has the closed policy of next.config.js, and no page.
 */
export async function requirePolicy(): Promise<void> {
  const policy = (await headers()).get('content-security-policy')
  if (!policy?.includes("'nonce-")) throw new Error('a page was asked for past proxy.ts')
}
