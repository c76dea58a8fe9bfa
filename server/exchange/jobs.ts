import '#server-only'
import type { Job } from '#server/platform/queue.ts'
import { stepDrill } from './commands/drill.ts'

export const jobs: readonly Job[] = [
  { queue: 'drill-step', run: ({ drillId }, now) => stepDrill(drillId, now) },
]
