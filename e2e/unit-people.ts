import { execFileSync } from 'node:child_process'
import type { DemoAccount } from './demo-account.ts'
import { dataDir } from './fixtures.ts'

/** A script that makes an officer and a supervisor of a unit in a running product's database, like its demo accounts. */
const MAKE = `
import { randomUUID } from 'node:crypto'
import { joinEmbedded } from './scripts/embedded.ts'
joinEmbedded()
const { db } = await import('#platform/db.ts')
const { createAccount, TOTP_TEXT } = await import('#tests/factories/staff.ts')
const unitId = process.env.UNIT
const people = await Promise.all(['officer', 'supervisor'].map(async (role) => {
  const [email, password] = [role + '-' + randomUUID().slice(0, 8) + '@' + unitId + '.example', randomUUID()]
  const name = role === 'officer' ? 'Trương Văn Ca' : 'Đoàn Thị Trực'
  await createAccount(db, { email, name, role, unitId, agencyId: null, carrierId: null }, password)
  return { role, email, password, totpSecret: TOTP_TEXT, scope: unitId }
}))
process.stdout.write(JSON.stringify(people))
process.exit()`

/** Makes an officer and a supervisor of a unit that no other test uses, so that they meet only their own test's cases. */
export function peopleOf(unit: string): { readonly officer: DemoAccount; readonly supervisor: DemoAccount } {
  const env = { ...process.env, DATA_DIR: dataDir(), DATABASE_URL: '', UNIT: unit }
  const made = execFileSync(process.execPath, ['--input-type=module', '-e', MAKE], { env, encoding: 'utf8' })
  const people: DemoAccount[] = JSON.parse(made)
  const [officer, supervisor] = people
  if (!officer || !supervisor) throw new Error(`no people of ${unit} were made`)
  return { officer, supervisor }
}
