import '#server-only'
import type { Job } from '#platform/queue.ts'
import { noteSeen } from './acts.ts'

export const jobs: readonly Job[] = [{ queue: 'phone-seen', run: ({ caseId }, now) => noteSeen(caseId, now) }]
