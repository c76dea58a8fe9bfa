/**
 * `npm run audit:resume -- --reason TEXT`: after a restore, says in the audit log itself where the published history ends and
 * from where the log goes on (docs/operations/restore.md, After a restore). Needs ANTAM_AUDIT_KEY and AUDIT_DIR as a worker does, on
 * DATABASE_URL or, beside `npm start`, on the embedded database. The reason is public: no names. Exit code 0: it is stated;
 * 1: there is nothing to state, or it may not be; 2: usage.
 */
import { parseArgs } from 'node:util'
import { resumeLog } from '#features/audit/sealing/resume-acts.ts'
import { lostEntries } from '#features/audit/sealing/resumption-rules.ts'
import { onDatabase } from './on-database.ts'

const { values } = parseArgs({ options: { reason: { type: 'string' } } })

await onDatabase(async () => {
  const reason = values.reason?.trim() ?? ''
  if (reason === '') {
    console.error('usage: npm run audit:resume -- --reason TEXT')
    return 2
  }
  const stated = await resumeLog(reason, new Date())
  if (!stated.ok) {
    console.error(stated.error)
    return 1
  }
  const { history, ended, from } = stated.value
  console.log(
    `Stated and signed: the published history ended at ${ended.size} entries; the log goes on from ${from.size} as history ${history}. ${lostEntries(stated.value)} published entries are lost. A worker seals it within a minute; then run npm run audit:verify.`,
  )
  return 0
})
