import '#server-only'
import { tellMorning } from '#features/accounts/commands/tell-waiting.ts'
import { readersAfter } from '#features/accounts/queries.ts'
import { defaultMailChoice } from '#features/accounts/rules/mail-choice.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import type { Job } from '#platform/queue.ts'
import { taskCountsOf } from './queries/counts.ts'
import { kindsOf } from './rules/kinds.ts'

const AT_A_TIME = 200

/**
 * The job `tasks-morning`: one mail to each person who can sign in and for whom something waits that they chose the
 * morning's mail for. It says how many things, and leads to their list.
 */
export async function tellOfTheMorning(now: Instant): Promise<number> {
  let told = 0
  let after: string | null = null
  for (;;) {
    const readers = await readersAfter(after, AT_A_TIME)
    after = readers.at(-1)?.person.id ?? null
    if (after === null) return told
    const counts = await taskCountsOf(
      readers.map(({ person }) => person),
      now,
    )
    const waiting = readers
      .map((reader) => ({ reader, count: inMorning(reader, counts.get(reader.person.id) ?? {}) }))
      .filter(({ count }) => count > 0)
    await transaction(async (tx) => {
      for (const { reader, count } of waiting) await tellMorning(tx, reader, count, now)
    })
    told += waiting.length
  }
}

function inMorning(
  { person, choices }: Awaited<ReturnType<typeof readersAfter>>[number],
  counts: Awaited<ReturnType<typeof taskCountsOf>> extends ReadonlyMap<string, infer C> ? C : never,
): number {
  return kindsOf(person)
    .filter((kind) => (choices[kind] ?? defaultMailChoice(kind)) === 'morning')
    .reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
}

export const jobs: readonly Job[] = [
  {
    queue: 'tasks-morning',
    schedule: '0 7 * * *',
    run: async (_, now) => void (await tellOfTheMorning(now)),
  },
]
