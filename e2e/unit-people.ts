import { execFileSync } from 'node:child_process'
import type { DemoAccount } from './demo-account.ts'
import { dataDir } from './fixtures.ts'

/** Makes an officer and a supervisor of a unit in a running product's database, as its demo accounts are made. */
const MAKE = `
import { randomUUID } from 'node:crypto'
import { joinEmbedded } from './scripts/embedded.ts'
joinEmbedded()
const { db } = await import('#platform/db.ts')
const { hashPassword } = await import('#platform/password.ts')
const { newTotpSecret, totpText } = await import('#platform/totp.ts')
const { sealTotpSecret } = await import('#features/accounts/commands/second-factor.ts')
const scope = process.env.UNIT
const people = await Promise.all(['officer', 'supervisor'].map(async (role) => {
  const [id, password, secret] = [randomUUID(), randomUUID(), newTotpSecret()]
  const email = role + '-' + id.slice(0, 8) + '@' + scope + '.example'
  const passwordHash = await hashPassword(password)
  await db.staffAccount.create({
    data: {
      ...{ id, email, role, passwordHash, totpSecret: sealTotpSecret(id, secret), unitId: scope },
      ...{ name: role === 'officer' ? 'Trương Văn Ca' : 'Đoàn Thị Trực', decidesFrom: new Date(0) },
    },
  })
  return { role, email, password, totpSecret: totpText(secret), scope }
}))
process.stdout.write(JSON.stringify(people))
process.exit()`

/**
 * Makes an officer and a supervisor of a unit that no other test works in: whoever goes from case to case there meets none
 * but those of their own test.
 */
export function peopleOf(unit: string): { readonly officer: DemoAccount; readonly supervisor: DemoAccount } {
  const env = { ...process.env, DATA_DIR: dataDir(), DATABASE_URL: '', UNIT: unit }
  const made = execFileSync(process.execPath, ['--input-type=module', '-e', MAKE], { env, encoding: 'utf8' })
  const people: DemoAccount[] = JSON.parse(made)
  const [officer, supervisor] = people
  if (!officer || !supervisor) throw new Error(`no people of ${unit} were made`)
  return { officer, supervisor }
}
