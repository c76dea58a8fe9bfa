import { headers } from 'next/headers'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/** The whole address of an invitation, on the host by which the inviting person reached us. */
export async function invitationUrl(locale: Locale, token: string): Promise<string> {
  const path = pathFor(locale, { pathname: '/sign-in/invitation', query: { token } })
  const base = process.env.PUBLIC_URL || `http://${(await headers()).get('host') ?? 'localhost'}`
  return new URL(path, base).href
}
