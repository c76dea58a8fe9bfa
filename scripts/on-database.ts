import { admitKeys } from '#features/installation/commands.ts'
import { db } from '#platform/db.ts'
import { type EmbeddedDatabase, joinEmbedded, startWhereNothingRuns } from './embedded.ts'
import { UNSTARTABLE } from './process.ts'

/**
 * Runs what a command does to the database (beside `npm start` to the embedded one) and ends with its exit code; what
 * goes wrong is told in a line. With other keys than the database's it does nothing; `keys: 'any'` is for the command that
 * mends that. `embedded: 'start'` is for the one that mends why `npm start` refuses: it starts the embedded database itself.
 */
export async function onDatabase(
  work: () => Promise<number>,
  {
    keys = 'right',
    embedded = 'join',
  }: { readonly keys?: 'right' | 'any'; readonly embedded?: 'join' | 'start' } = {},
): Promise<void> {
  let own: EmbeddedDatabase | null = null
  try {
    if (embedded === 'start') own = await startWhereNothingRuns()
    joinEmbedded()
    const faults = keys === 'right' ? await admitKeys(new Date()) : []
    for (const fault of faults) console.error(fault)
    process.exitCode = faults.length > 0 ? UNSTARTABLE : await work()
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  } finally {
    // Where the environment is not complete, there is not even a client to disconnect.
    await Promise.try(() => db.$disconnect()).catch(() => {})
    await own?.server.stop()
  }
}
