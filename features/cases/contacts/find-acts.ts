import '#server-only'
import { notify } from '#features/notices/acts.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { openFile } from '../particulars/data.ts'
import { FINAL_STATES } from '../record/state-rules.ts'
import { contactIndexes } from './data.ts'
import { contactsInForce } from './rules.ts'

/** The most cases that one message names. */
const NAMED = 5

/**
 * Sends a contact, known by its indexes, the numbers of the cases that are not over and of which it is told, in one message;
 * nothing where there are none. In the product's own scope.
 */
export async function tellCases(
  tx: Tx,
  indexes: readonly string[],
  locale: string,
  now: Instant,
): Promise<void> {
  const hashes = indexes.map((one) => Buffer.from(one, 'hex'))
  const found = await tx.case.findMany({
    where: {
      key: { blindIndex: { some: { kind: 'contact', hash: { in: hashes } } } },
      state: { notIn: [...FINAL_STATES] },
      erasedAt: null,
    },
    select: { id: true, number: true },
    orderBy: [{ submittedAt: 'desc' }, { id: 'asc' }],
    take: NAMED,
  })
  const told = []
  for (const { id, number } of found) {
    const { key, particulars } = await openFile({ id }, tx)
    // One that waits, or was taken off meanwhile, is told nothing.
    const to = contactsInForce(particulars, now).find((one) =>
      contactIndexes(one).some((hash) => indexes.includes(hash)),
    )
    if (to) told.push({ key, to, number })
  }
  const [first, ...others] = told
  if (first === undefined) return
  const { key, to, number } = first
  await notify(tx, {
    key,
    to,
    template: 'cases_found',
    locale,
    params: { number, ...(others.length > 0 && { others: others.map((one) => one.number).join(', ') }) },
    at: now,
  })
}
