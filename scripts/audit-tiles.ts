/**
 * `npm run audit:tiles`: compares every public file of the audit log (`/log/…`) with the log, and rewrites missing,
 * truncated or changed files. A worker does the same each night. Needs DATABASE_URL and the store, or joins the running
 * embedded installation. With a worker's variables it first seals and publishes the waiting entries, as needed before a
 * return to the previous release.
 */
import { mendTiles, publishLog } from '#features/audit/publishing/acts.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { env } from '#platform/env.ts'
import { readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

readArguments('usage: npm run audit:tiles', {})
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
