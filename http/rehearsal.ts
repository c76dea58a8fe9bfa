import '#server-only'
import { REHEARSAL_KEPT, type Rehearsal } from '#features/rehearsal/rules.ts'
import type { Instant } from '#lib/time.ts'
import { forgetSealed, keepSealed, readSealed } from './sealed-cookie.ts'

const COOKIE = 'antam-rehearsal'

/** Returns this browser's current rehearsal, or null. It is stored only in the cookie. */
export const openedRehearsal = (now: Instant): Promise<Rehearsal | null> => readSealed(COOKIE, now)

export const keepRehearsal = (rehearsal: Rehearsal, now: Instant): Promise<void> =>
  keepSealed(COOKIE, rehearsal, now, REHEARSAL_KEPT)

export const endRehearsal = (): Promise<void> => forgetSealed(COOKIE)
