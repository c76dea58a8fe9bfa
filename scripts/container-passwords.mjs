/**
 * Creates the missing passwords of compose.yaml's database and storage, and the key that signs the audit log:
 * `node scripts/container-passwords.mjs database s3 signing`. Each is a file in a volume that only the services in need
 * of it mount. The passwords are readable by all users of a volume (0444), because database and storage run as another
 * user.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = process.env.PASSWORDS_DIR ?? '/etc/an-tam'

/** Returns the text of a file, writing it first if it does not exist. */
function once(folder, name, text, mode = 0o444) {
  const file = join(root, folder, name)
  if (!existsSync(file)) writeFileSync(file, `${text}\n`, { mode, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}
const password = () => randomBytes(24).toString('hex')

const MAKE = {
  database() {
    once('database', 'superuser', password())
    const owner = once('database', 'owner', password())
    const application = once('database', 'application', password())
    once('database', 'DATABASE_OWNER_URL', `postgresql://antam_owner:${owner}@database:5432/antam`)
    // In a separate folder: web servers, which face the network, mount only this one.
    once('application', 'DATABASE_URL', `postgresql://antam_app:${application}@database:5432/antam`)
  },
  s3() {
    once('s3', 'access-key', randomBytes(10).toString('hex'))
    once('s3', 'secret-key', password())
  },
  signing() {
    once('signing', 'ANTAM_AUDIT_KEY', randomBytes(32).toString('base64'), 0o400)
  },
}

for (const name of process.argv.slice(2)) MAKE[name]()
