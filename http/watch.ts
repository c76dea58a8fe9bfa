import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Instant } from '#lib/time.ts'
import { keepSealed, readSealed } from './sealed-cookie.ts'

/** Holds what this browser is about: the phone that was checked, then the contact that is to be told of a change. */
interface Watching {
  readonly imeis: readonly string[]
  /** The watch whose code is waited for, and where it was sent; absent while a contact is asked. */
  readonly asked?: { readonly id: string; readonly contact: Contact }
  /** The contact has shown its code. */
  readonly proven: boolean
}

const NAME = 'antam-watching'

export const keepWatching = (kept: Watching, now: Instant): Promise<void> => keepSealed(NAME, kept, now)
export const watching = (now: Instant): Promise<Watching | null> => readSealed(NAME, now)
