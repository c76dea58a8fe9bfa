import { randomUUID } from 'node:crypto'
import { rate } from '#features/ratings/rating/acts.ts'
import type { AnswerChannel, ReceiptNumber } from '#features/ratings/rating/rules.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { must } from '#tests/must.ts'

let nextAddress = 0

/** Sends an accepted rating, by default from a new address and without a comment. Returns its receipt. */
export async function makeRating(
  agencyId: string,
  now: Instant,
  typed: Readonly<Record<string, string>> = {},
  {
    version = 1,
    address = `192.0.2.${nextAddress++ % 250}`,
    channel = 'web',
  }: { version?: number; address?: string; channel?: AnswerChannel } = {},
): Promise<ReceiptNumber> {
  return must(
    await rate(
      {
        agencyId,
        questionnaireVersion: version,
        typed: {
          ...{ r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' },
          serviceDate: localDate(now),
          ...typed,
        },
        submitKey: randomUUID(),
        channel,
        sender: { kind: 'address', address, issued: '', proof: '' },
      },
      now,
    ),
  )
}

/** Sends ten ratings. If no answers of the agency were waiting before, these are then public. */
export async function makeTen(agencyId: string, now: Instant, comments: readonly string[]): Promise<void> {
  for (let n = 0; n < 10; n++)
    await makeRating(agencyId, now, { comment: comments[n] ?? '', r1: String(1 + (n % 5)) })
}
