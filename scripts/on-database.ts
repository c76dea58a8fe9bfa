import { db } from '#server/platform/db.ts'
import { joinEmbedded } from './embedded.ts'

/**
 * Runs what a command does to the database (beside `npm start` to the embedded one) and ends with its exit code; what
 * goes wrong is told in a line.
 */
export async function onDatabase(work: () => Promise<number>): Promise<void> {
  try {
    joinEmbedded()
    process.exitCode = await work()
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  } finally {
    // Where the environment is not complete, there is not even a client to disconnect.
    await Promise.try(() => db.$disconnect()).catch(() => {})
  }
}
