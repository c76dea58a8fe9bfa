/**
 * `npm run audit:resume -- --reason TEXT`: after a restore, states in the audit log itself where the published history
 * ends and where the log continues (docs/operations/restore.md, After a restore). When AUDIT_ORIGIN or ANTAM_AUDIT_KEY
 * has changed, it states that the log continues under another name or key, signed by both keys
 * (docs/operations/audit-log.md). Needs ANTAM_AUDIT_KEY and AUDIT_DIR as a worker does, on DATABASE_URL or, beside
 * `npm start`, on the embedded database. The reason is public: no names. Exit code 0: stated; 1: nothing to state, or not
 * allowed; 2: usage.
 */
import { resumeLog } from '#features/audit/sealing/resume-acts.ts'
import { lostEntries } from '#features/audit/sealing/resumption-rules.ts'
import { acceptKey, checkKeys } from '#features/installation/acts.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'
import { UNSTARTABLE } from './process.ts'

const USAGE = 'usage: npm run audit:resume -- --reason TEXT'
const { values } = readArguments(USAGE, { options: { reason: { type: 'string' } } })
const reason = values.reason?.trim() ?? ''
if (reason === '') endWithUsage(USAGE)

const ofLog = (fault: string): boolean => /^(AUDIT_ORIGIN|ANTAM_AUDIT_KEY):/.test(fault)

await onDatabase(
  async () => {
    const now = new Date()
    const faults = await checkKeys(now)
    const others = faults.filter((fault) => !ofLog(fault))
    for (const fault of others) console.error(fault)
    if (others.length > 0) return UNSTARTABLE
    const stated = await resumeLog(reason, now)
    // An earlier run stated the break but stopped before the database accepted the key: nothing more is to be stated.
    const renamed = faults.some(ofLog) && (!stated.ok || stated.value.keys !== null)
    if (!stated.ok && !(renamed && stated.error.startsWith('There is no break'))) {
      console.error(stated.error)
      return 1
    }
    if (renamed) await acceptKey('ANTAM_AUDIT_KEY', 1, reason, now)
    if (!stated.ok) {
      console.log('It was stated before; the database knows the key now.')
      return 0
    }
    const { history, ended, from, keys } = stated.value
    console.log(
      `Stated and signed: the published history ended at ${ended.size} entries; the log goes on from ${from.size} as history ${history}${keys ? ` under the name ${keys.next.name}` : ''}. ${lostEntries(stated.value)} published entries are lost. A worker seals it within a minute; then run npm run audit:verify.`,
    )
    return 0
  },
  { keys: 'any' },
)
