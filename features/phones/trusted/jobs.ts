import '#server-only'
import type { Job } from '#platform/queue.ts'
import { sendTrustedCode } from './acts.ts'

export const jobs: readonly Job[] = [
  { queue: 'trusted-code', run: (asked, now) => sendTrustedCode(asked, now) },
]
