import pg from 'pg'
import { expect, vi } from 'vitest'

/** Returns what `work` answers, and every statement that it sends to the database, without the values. */
async function observed(work: () => Promise<unknown>): Promise<{ answer: unknown; sent: string[] }> {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  try {
    const answer = await work()
    const sent = query.mock.calls.map(([asked]: unknown[]) =>
      typeof asked === 'string' ? asked : String((asked as { text?: unknown }).text),
    )
    return { answer, sent }
  } finally {
    query.mockRestore()
  }
}

/** Returns every statement that `work` sends to the database, without the values. */
export const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await observed(work)).sent

/**
 * Checks that `act` gives every subject the same answer, after the same statements in the same order, so that neither
 * its words nor its time tell subjects apart. `sends`: statements that have to be among them, so that there is
 * something to compare.
 */
export async function expectSameWork<T>(
  subjects: readonly T[],
  act: (subject: T) => Promise<unknown>,
  sends = /insert/i,
): Promise<void> {
  // A value that is looked up once, or a connection that is opened, belongs to neither side.
  for (const subject of subjects) await act(subject)
  const seen: unknown[] = []
  for (const subject of subjects) seen.push(await observed(() => act(subject)))
  expect(seen[0]).toMatchObject({ sent: expect.arrayContaining([expect.stringMatching(sends)]) })
  for (const one of seen) expect(one).toEqual(seen[0])
}
