import '#server-only'
import type { CaseKey } from '#platform/crypto.ts'
import { noticesSealedBy } from './repository.ts'

export interface SentNotice {
  readonly template: string
  readonly to: string
  readonly state: 'queued' | 'sent' | 'failed'
  readonly at: Date
  readonly sentAt: Date | null
}

/** Returns every message of a case, in order; opened by its key, so those who have the key may read them. */
export const noticesOf = (key: CaseKey): Promise<SentNotice[]> => noticesSealedBy(key)
