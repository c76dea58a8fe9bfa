import '#server-only'
import type { Instant } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { bringUpBooks } from './book/jobs.ts'
import { stepDrill } from './drills/jobs.ts'
import { watchCarriers } from './flags/jobs.ts'
import { drawLetter, drawLetters, gatherLetters } from './letters/jobs.ts'
import { sendCarrierNotice } from './notices/jobs.ts'
import { pushBook, pushWhatIsDue, sendTest } from './push/jobs.ts'
import { PUSH } from './push/rules.ts'
import { reconcile } from './reconciliations/jobs.ts'
import { runReleases } from './releases/jobs.ts'

/** Nearly one for each carrier. */
const AT_ONCE = 5

const clock = (): Instant => new Date()

export const jobs: readonly Job[] = [
  {
    queue: 'push',
    apart: AT_ONCE,
    run: ({ carrierId }, _now, stopping) => pushBook(carrierId, clock, stopping, PUSH.proofSeconds),
  },
  // Retries pushes whose own job was lost.
  { queue: 'push-due', schedule: '* * * * *', run: (_, now) => pushWhatIsDue(now) },
  {
    queue: 'push-test',
    run: ({ carrierId, messageId }) => sendTest(carrierId, messageId, clock),
  },
  { queue: 'drill-step', run: ({ drillId }, now) => stepDrill(drillId, now) },
  {
    queue: 'letters',
    // 8:00 and 14:00 in the city: an order is due after 24 hours, also at a weekend.
    schedule: '0 8,14 * * *',
    async run(_data, now) {
      await gatherLetters(now)
      await drawLetters(now)
    },
  },
  // One at a time: drawing takes memory.
  { queue: 'letter-draw', batchSize: 1, run: ({ letterId }, now) => drawLetter(letterId, now) },
  {
    queue: 'carrier-watch',
    schedule: '*/10 * * * *',
    run: async (_, now) => {
      const reminded = await watchCarriers(now)
      if (reminded > 0) log().info({ reminded }, 'carriers reminded of late orders')
    },
  },
  {
    queue: 'reconcile',
    // Each job holds a page of phones in memory.
    batchSize: 2,
    run: ({ id }, now, signal) => reconcile(id, now, signal),
  },
  {
    queue: 'book-chains',
    schedule: '* * * * *',
    atStart: true,
    run: async (_, now, signal) => {
      const lines = await bringUpBooks(now, signal)
      if (lines > 0) log().info({ lines }, 'older lines of carriers’ books came into the log')
    },
  },
  { queue: 'exchange-notice', run: (data, now) => sendCarrierNotice(data, now) },
  {
    queue: 'order-release',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      const orders = await runReleases(now, signal)
      if (orders > 0) log().info({ orders }, 'orders that waited were sent or withheld')
    },
  },
]
