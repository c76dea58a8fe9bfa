/**
 * `npm run audit:tiles`: compares every public file of the audit log (`/log/…`) with the log, and writes anew what is missing, cut
 * or changed. A worker does the same each night. Needs DATABASE_URL and the store, or joins the embedded installation that is
 * running.
 */
import { mendTiles } from '#features/audit/publishing/acts.ts'
import { onDatabase } from './on-database.ts'

await onDatabase(async () => {
  const mended = await mendTiles()
  for (const path of mended) console.log(`WRITTEN  ${path}`)
  console.log(
    mended.length === 0 ? 'Every file is what the log says.' : `${mended.length} files were written anew.`,
  )
  return 0
})
