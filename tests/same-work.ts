import pg from 'pg'
import { expect, vi } from 'vitest'

/** Returns the result of `work`, and every statement that it sends to the database, without values. */
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

export const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await observed(work)).sent

/**
 * Checks that `act` gives every subject the same answer, after the same statements in the same order. So
 * neither its words nor its time reveal a difference between subjects. `sends` matches a statement that must be
 * among them, so that there is something to compare.
 */
export async function expectSameWork<T>(
  subjects: readonly T[],
  act: (subject: T) => Promise<unknown>,
  sends = /insert/i,
): Promise<void> {
  // Warms up first, because neither a cached value nor a new connection should count for one side.
  for (const subject of subjects) await act(subject)
  const seen: unknown[] = []
  for (const subject of subjects) seen.push(await observed(() => act(subject)))
  expect(seen[0]).toMatchObject({ sent: expect.arrayContaining([expect.stringMatching(sends)]) })
  for (const one of seen) expect(one).toEqual(seen[0])
}
