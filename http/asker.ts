import '#server-only'
import { cookies } from 'next/headers'
import { hashAsker } from '#features/contact-codes/acts.ts'
import { HOUR } from '#lib/time.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** A random mark of a browser that asked for a code. It identifies no person. */
const MARK = 'antam-asker'

/** Returns this browser's mark, which is stored with its codes; null before it has asked for a code. */
export async function shownAsker(): Promise<string | null> {
  const mark = (await cookies()).get(cookieName(MARK))?.value
  return mark === undefined ? null : hashAsker(mark)
}

/** Returns this browser's mark, and sets a new one if there is none. Only where cookies can be set. */
export async function markAsker(): Promise<string> {
  const mark = (await cookies()).get(cookieName(MARK))?.value ?? crypto.randomUUID()
  ;(await cookies()).set(cookieName(MARK), mark, { ...cookieOptions(), maxAge: HOUR / 1000 })
  return hashAsker(mark)
}
