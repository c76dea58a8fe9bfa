/**
 * `npm run messages`: what became of messages in the last 14 days, by day and way. `-- templates` prints the texts that
 * Zalo is asked to approve, as the file that ZALO_TEMPLATES names; `-- retry` sends again what was given up.
 */
import { retryGivenUp } from '#features/notices/commands.ts'
import { messageCounts, messageTroubles, zaloTexts } from '#features/notices/queries.ts'
import { onDatabase } from './on-database.ts'

const DAYS = 14

async function status(): Promise<void> {
  const now = new Date()
  const counts = await messageCounts(DAYS, now)
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
  for (const trouble of await messageTroubles(now)) console.log(trouble)
}

const [what = 'status'] = process.argv.slice(2)
await onDatabase(async () => {
  if (what === 'status') await status()
  else if (what === 'retry') console.log(`${await retryGivenUp()} messages are sent again.`)
  else if (what === 'templates') {
    const texts = [...zaloTexts()].map(([name, text]) => [name, { id: '', text }])
    console.log(JSON.stringify(Object.fromEntries(texts), null, 2))
  } else {
    console.error('usage: npm run messages [-- status | templates | retry]')
    return 2
  }
  return 0
})
