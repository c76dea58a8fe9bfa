import '#server-only'
import type { Job } from '#platform/queue.ts'
import { tellShops } from '../book/acts.ts'
import { tellChanged } from './acts.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'check-watch',
    schedule: '*/5 * * * *',
    run: async (_, now) => {
      while ((await tellChanged(now)) > 0);
    },
  },
  {
    queue: 'shop-tell',
    schedule: '*/5 * * * *',
    run: async (_, now) => {
      while ((await tellShops(now)) > 0);
    },
  },
]
