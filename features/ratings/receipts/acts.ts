import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { firstDay, type Month, monthOf, monthsLater } from '#features/results/rules.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { transaction } from '#platform/db.ts'
import { countAnswers, findUnsealedMonths, readTree } from './data.ts'

/** After this time no answer of the past month is still being written. */
const SETTLED = HOUR

/** Writes the root of each past month's receipts to the audit log. Returns the months. */
export async function publishReceiptRoots(now: Instant): Promise<Month[]> {
  const last = monthsLater(monthOf(addMilliseconds(now, -SETTLED)), -1)
  const months = await findUnsealedMonths(last)
  const published: Month[] = []
  for (const month of months) if (await publishRoot(month, now)) published.push(month)
  return published
}

const publishRoot = (month: Month, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    const { root, size: receipts } = await readTree(tx, month)
    const answers = await countAnswers(tx)
    const { count } = await tx.receiptRoot.createMany({
      data: { month: firstDay(month), root: Buffer.from(root), receipts, ...answers, publishedAt: now },
      skipDuplicates: true,
    })
    if (count === 0) return false
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'survey.receipts_root',
      subject: { kind: 'receipts', id: month },
      facts: { month, root: toBase64(root), receipts, ...answers },
      at: now,
    })
    return true
  })
