import '#server-only'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { countsSince, type MessageCount } from './repository.ts'

export type { MessageCount } from './repository.ts'

/** Returns what became of messages in the last `days` days, the newest day first. */
export const messageCounts = (days: number, now: Instant): Promise<MessageCount[]> =>
  countsSince(localDate(addMilliseconds(now, -(days - 1) * DAY)))
