/**
 * `npm run admin:invite -- EMAIL`: makes an administrator's account and prints the one link that opens it. On
 * DATABASE_URL or, beside `npm start`, on the embedded database.
 */
import { pathFor } from '#messages/paths.ts'
import { invite } from '#server/accounts/commands/account.ts'
import { env } from '#server/platform/env.ts'
import { onDatabase } from './on-database.ts'

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

async function main(email: string | undefined): Promise<number> {
  if (!email) {
    console.error('usage: npm run admin:invite -- EMAIL')
    return 2
  }
  const account = { email, name: email.split('@')[0] ?? email, role: 'admin' } as const
  const made = await invite(
    { kind: 'system' },
    { ...account, areaId: null, agencyId: null, carrierId: null },
    new Date(),
  )
  if (!made.ok) {
    console.error(`Not invited: ${REFUSED[made.error]}`)
    return 1
  }
  const base = env().PUBLIC_URL ?? `http://${env().HOST}:${env().PORT}`
  const path = pathFor('vi', { pathname: '/sign-in/invitation', query: { token: made.value } })
  console.log(
    `Open this link once within 72 hours to set password and authenticator app:\n${new URL(path, base).href}`,
  )
  return 0
}

await onDatabase(() => main(process.argv[2]))
