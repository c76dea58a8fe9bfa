import { checkKeys } from '#features/installation/acts.ts'
import { db } from '#platform/db.ts'
import { type EmbeddedDatabase, joinEmbedded, startWhereNothingRuns } from './embedded.ts'
import { UNSTARTABLE } from './process.ts'

/**
 * Runs a command on the database (the embedded one beside `npm start`), and ends the process with the command's exit
 * code; an error is printed in one line. If the keys do not match the database, it prints why and exits with
 * `UNSTARTABLE`, unless `keys` is `'any'`, for the command that repairs this. With `embedded: 'start'` it starts the
 * embedded database itself, for the command that repairs a refused `npm start`.
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
    const faults = keys === 'right' ? await checkKeys(new Date()) : []
    for (const fault of faults) console.error(fault)
    process.exitCode = faults.length > 0 ? UNSTARTABLE : await work()
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  } finally {
    // With an incomplete environment there is no client to disconnect.
    await Promise.try(() => db.$disconnect()).catch(() => {})
    await own?.server.stop()
  }
}
