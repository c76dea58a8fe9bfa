import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Instant } from '#lib/time.ts'
import { keepSealed, readSealed } from './sealed-cookie.ts'

/** The state of a phone's watch in this browser: the checked phone, then the contact to notify of a change. */
interface Watching {
  readonly imeis: readonly string[]
  /** The watch that waits for its code, and the contact that got the code; absent until a contact is entered. */
  readonly asked?: { readonly id: string; readonly contact: Contact }
  readonly proven: boolean
}

const NAME = 'antam-watching'

export const keepWatching = (kept: Watching, now: Instant): Promise<void> => keepSealed(NAME, kept, now)
export const watching = (now: Instant): Promise<Watching | null> => readSealed(NAME, now)
