import '#server-only'
import { cookies } from 'next/headers'
import { hashAsker } from '#features/contact-codes/acts.ts'
import { HOUR } from '#lib/time.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** The mark of a browser that has asked for a code: it says nothing of anybody. */
const MARK = 'antam-asker'

/** Returns the mark of this browser, as codes are kept with it; null before it has asked for one. */
export async function shownAsker(): Promise<string | null> {
  const mark = (await cookies()).get(cookieName(MARK))?.value
  return mark === undefined ? null : hashAsker(mark)
}

/** Returns the mark of this browser, giving it one where it has none. Only where cookies can be set. */
export async function markAsker(): Promise<string> {
  const mark = (await cookies()).get(cookieName(MARK))?.value ?? crypto.randomUUID()
  ;(await cookies()).set(cookieName(MARK), mark, { ...cookieOptions(), maxAge: HOUR / 1000 })
  return hashAsker(mark)
}
