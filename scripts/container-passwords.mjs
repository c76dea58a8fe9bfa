/**
 * Makes the passwords of compose.yaml's database and storage, those that are missing: `node scripts/container-passwords.mjs
 * database s3`. Each is a file in a volume that its service alone has beside An Tâm; its own user there is another one,
 * which has to read it.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = process.env.PASSWORDS_DIR ?? '/etc/an-tam'

/** Returns what stands in a file, having written it where it was not there. */
function once(folder, name, text) {
  const file = join(root, folder, name)
  if (!existsSync(file)) writeFileSync(file, `${text}\n`, { mode: 0o444, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}
const password = () => randomBytes(24).toString('hex')

const MAKE = {
  database() {
    once('database', 'superuser', password())
    const owner = once('database', 'owner', password())
    const application = once('database', 'application', password())
    once('database', 'DATABASE_OWNER_URL', `postgresql://antam_owner:${owner}@database:5432/antam`)
    once('database', 'DATABASE_URL', `postgresql://antam_app:${application}@database:5432/antam`)
  },
  s3() {
    once('s3', 'access-key', randomBytes(10).toString('hex'))
    once('s3', 'secret-key', password())
  },
}

for (const name of process.argv.slice(2)) MAKE[name]()
