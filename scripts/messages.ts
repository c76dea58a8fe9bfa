/**
 * `npm run messages`: prints the outcomes of messages in the last 14 days, by day and channel. `-- templates` prints the
 * texts that Zalo is asked to approve, as the file for ZALO_TEMPLATES; `-- retry` resends failed messages, as the staff's
 * page does.
 */
import { randomUUID } from 'node:crypto'
import { retryMessages } from '#features/notices/acts.ts'
import { COUNTED_DAYS, listMessageTroubles, listZaloTexts, messageCounts } from '#features/notices/data.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

async function status(): Promise<void> {
  const now = new Date()
  const counts = await messageCounts(COUNTED_DAYS, now)
  console.table(
    counts.map(({ day, way, outcome, code, count, segments }) => ({
      day,
      way,
      outcome,
      code,
      count,
      segments,
    })),
  )
  for (const trouble of await listMessageTroubles(now)) console.log(trouble)
}

/** Resends all, a few hundred per transaction; returns their number. */
async function retry(): Promise<number> {
  let sent = 0
  for (;;) {
    const input = { group: null, submitKey: randomUUID() }
    const done = await retryMessages({ kind: 'system' }, input, new Date())
    if (!done.ok) return sent
    sent += done.value
  }
}

const USAGE = 'usage: npm run messages [-- status | templates | retry]'
const [what = 'status', more] = readArguments(USAGE, { allowPositionals: true }).positionals
if (more !== undefined || !['status', 'templates', 'retry'].includes(what)) endWithUsage(USAGE)
await onDatabase(async () => {
  if (what === 'status') await status()
  else if (what === 'retry') console.log(`${await retry()} messages are sent again.`)
  else {
    const texts = [...listZaloTexts()].map(([name, text]) => [name, { id: '', text }])
    console.log(JSON.stringify(Object.fromEntries(texts), null, 2))
  }
  return 0
})
