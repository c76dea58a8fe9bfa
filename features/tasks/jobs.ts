import '#server-only'
import { tellMorning } from '#features/accounts/preferences/acts.ts'
import { listReaders } from '#features/accounts/preferences/data.ts'
import { defaultMailChoice } from '#features/accounts/preferences/rules.ts'
import { addMilliseconds, type Instant, localDate, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { keyFor, onceWithin } from '#platform/idempotency/commands.ts'
import type { Job } from '#platform/queue.ts'
import { countTasksOf } from './data.ts'
import { kindsOf } from './rules.ts'

const AT_A_TIME = 200
const TOLD_ACT = 'tasks.morning'
/** Hours of the city's day: a worker that starts later sends no morning mail. */
const MORNING = { from: 7, until: 12 }

function isMorning(now: Instant): boolean {
  const hour = addMilliseconds(now, UTC_OFFSET_MINUTES * MINUTE).getUTCHours()
  return hour >= MORNING.from && hour < MORNING.until
}

/**
 * Does the job `tasks-morning`: one mail a day to each person who can sign in, chose the morning mail and has work waiting. It
 * has the number of tasks and a link to their list. A second run on the same day mails only those not mailed yet. Returns the
 * number of people with work waiting.
 */
export async function tellOfTheMorning(now: Instant): Promise<number> {
  let told = 0
  let after: string | null = null
  for (;;) {
    const readers = await listReaders(after, AT_A_TIME)
    after = readers.at(-1)?.person.id ?? null
    if (after === null) return told
    const counts = await countTasksOf(
      readers.map(({ person }) => person),
      now,
    )
    const waiting = readers
      .map((reader) => ({ reader, count: inMorning(reader, counts.get(reader.person.id) ?? {}) }))
      .filter(({ count }) => count > 0)
    await transaction(async (tx) => {
      for (const { reader, count } of waiting)
        await onceWithin(tx, keyFor(localDate(now), reader.person.id), TOLD_ACT, now, () =>
          tellMorning(tx, reader, count, now),
        )
    })
    told += waiting.length
  }
}

function inMorning(
  { person, choices }: Awaited<ReturnType<typeof listReaders>>[number],
  counts: Awaited<ReturnType<typeof countTasksOf>> extends ReadonlyMap<string, infer C> ? C : never,
): number {
  return kindsOf(person)
    .filter((kind) => (choices[kind] ?? defaultMailChoice(kind)) === 'morning')
    .reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
}

export const jobs: readonly Job[] = [
  {
    queue: 'tasks-morning',
    schedule: `0 ${MORNING.from} * * *`,
    atStart: true,
    run: async (_, now) => {
      if (isMorning(now)) await tellOfTheMorning(now)
    },
  },
]
