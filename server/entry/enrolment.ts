import '#server-only'
import { random } from '#server/platform/crypto.ts'

/** The header in which the gate hands an invitation's page what its browser is known by. */
export const ENROLMENT_HEADER = 'x-enrolment'
export const ENROLMENT_COOKIE = 'antam-enrolment'

export interface Enrolling {
  /** The second factor that an invitation offers hangs on it: another browser with the same link is offered another. */
  readonly browser: string
  /** The cookie to set, when the browser has none. */
  readonly cookie: string | null
}

/** What a browser that opens an invitation is known by. A page cannot set cookies, so the gate calls this. */
export function enrolling(cookie: string | undefined): Enrolling {
  if (cookie !== undefined && /^[\w-]{43}$/.test(cookie)) return { browser: cookie, cookie: null }
  const browser = random(32).toString('base64url')
  return { browser, cookie: browser }
}
