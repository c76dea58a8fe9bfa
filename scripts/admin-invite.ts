/** `npm run admin:invite -- EMAIL`: makes an administrator's account and prints the one link that opens it. */
import { pathFor } from '#messages/paths.ts'
import { invite } from '#server/accounts/commands/account.ts'
import { db } from '#server/platform/db.ts'
import { env } from '#server/platform/env.ts'

const REFUSED = {
  forbidden: 'this account may not invite.',
  email_invalid: 'this is not an e-mail address.',
  email_taken: 'there is an account with this address already: in use, disabled, or invited to another role.',
  area_missing: 'this role needs a district.',
  agency_missing: 'this role needs an agency.',
  agency_not_needed: 'this role has no agency.',
  area_not_needed: 'this role has no district.',
  carrier_missing: 'this role needs a carrier.',
  carrier_not_needed: 'this role has no carrier.',
} as const

const email = process.argv[2]
if (!email) {
  console.error('usage: npm run admin:invite -- EMAIL')
  process.exit(2)
}
const account = { email, name: email.split('@')[0] ?? email, role: 'admin' } as const
const made = await invite(
  { kind: 'system' },
  { ...account, areaId: null, agencyId: null, carrierId: null },
  new Date(),
)
if (made.ok) {
  const base = env().PUBLIC_URL ?? `http://${env().HOST}:${env().PORT}`
  const path = pathFor('vi', { pathname: '/sign-in/invitation', query: { token: made.value } })
  console.log(
    `Open this link once within 72 hours to set password and authenticator app:\n${new URL(path, base).href}`,
  )
} else {
  console.error(`Not invited: ${REFUSED[made.error]}`)
  process.exitCode = 1
}
await db.$disconnect()
