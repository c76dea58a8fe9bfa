/**
 * `npm run audit:tiles`: compares every public file of the audit log (`/log/…`) with the log, and writes anew what is missing, cut
 * or changed. A worker does the same each night. Needs DATABASE_URL and the store, or joins the embedded installation that is
 * running. With a worker's variables it first seals and publishes what waits, as before a return to the release before.
 */
import { mendTiles, publishLog } from '#features/audit/publishing/acts.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { env } from '#platform/env.ts'
import { onDatabase } from './on-database.ts'

await onDatabase(async () => {
  if (env().ANTAM_AUDIT_KEY) {
    const sealed = await sealLog()
    await publishLog(new Date())
    console.log(`${sealed} entries were sealed.`)
  }
  const mended = await mendTiles()
  for (const path of mended) console.log(`WRITTEN  ${path}`)
  console.log(
    mended.length === 0 ? 'Every file is what the log says.' : `${mended.length} files were written anew.`,
  )
  return 0
})
