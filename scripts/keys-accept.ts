/**
 * `npm run keys:accept -- NAME [--version N] --reason TEXT`: accepts the currently configured key in place of the one
 * that this database knows, after that one was lost or changed on purpose (docs/operations/configuration.md, Secrets). On
 * DATABASE_URL or, beside `npm start`, on the embedded database. The reason is written to the audit log: no names.
 */
import { acceptKey } from '#features/installation/acts.ts'
import { KEY_NAMES } from '#features/installation/keys/rules.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

const USAGE =
  'usage: npm run keys:accept -- ANTAM_KEY|ANTAM_INDEX_KEY|ANTAM_HASH_KEY|ANTAM_EXCHANGE_KEY [--version N] --reason TEXT'
const { values, positionals } = readArguments(USAGE, {
  options: { reason: { type: 'string' }, version: { type: 'string', default: '1' } },
  allowPositionals: true,
})
const name = KEY_NAMES.find((one) => one === positionals[0] && one !== 'ANTAM_AUDIT_KEY')
const version = Number(values.version)
const reason = values.reason?.trim() ?? ''
if (!name || !Number.isInteger(version) || reason === '' || reason.length > 300) endWithUsage(USAGE)

await onDatabase(
  async () => {
    const done = await acceptKey(name, version, reason, new Date())
    if (!done.ok) {
      console.error(`Version ${version} of ${name} is not in force in this database.`)
      return 1
    }
    console.log(
      `${name}, version ${version}: the key before is not asked for any more. What was made with it is not opened, or found, by another.`,
    )
    return 0
  },
  { keys: 'any' },
)
