import '#server-only'
import { headers } from 'next/headers'

/**
 * Throws where proxy.ts did not see this request: the page would come without a nonce, and with what a stranger wrote in
 * place of what the proxy tells. The answer then has the closed policy of next.config.js, and no page.
 */
export async function requirePolicy(): Promise<void> {
  const policy = (await headers()).get('content-security-policy')
  if (!policy?.includes("'nonce-")) throw new Error('a page was asked for past proxy.ts')
}
