/**
 * `npm run admin:invite -- EMAIL`: creates one of the first two administrators and prints the single-use link that opens
 * the account. All later administrators are invited on the accounts page, where another administrator confirms. Runs on
 * DATABASE_URL or, beside `npm start`, on the embedded database.
 */
import { type AdminRefusal, inviteAdmin, linkPath } from '#features/accounts/invitations/acts.ts'
import { env } from '#platform/env.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

const REFUSED: Readonly<Record<AdminRefusal, string>> = {
  email_invalid: 'this is not an e-mail address.',
  taken:
    'there is an account with this address already: an administrator in use, or a person with another role.',
  email_alerts:
    'alerts go to this address (ALERT_MAIL), so that somebody outside the staff reads them: take another.',
  enough_admins:
    'there are two administrators already. One of them invites the next on the page Accounts, and the other confirms it there.\n' +
    'If one of the two can no longer sign in, the other locks that account on the page Accounts; then run this again.',
}

const USAGE = 'usage: npm run admin:invite -- EMAIL'
const [email, more] = readArguments(USAGE, { allowPositionals: true }).positionals
if (email === undefined || more !== undefined) endWithUsage(USAGE)

async function main(email: string): Promise<number> {
  const made = await inviteAdmin(email, new Date())
  if (!made.ok) {
    console.error(`Not invited: ${REFUSED[made.error]}`)
    return 1
  }
  const base = env().PUBLIC_URL ?? `http://${env().HOST}:${env().PORT}`
  console.log(
    `Open this link once within 72 hours to set password and authenticator app:\n${new URL(linkPath(made.value), base).href}\n` +
      `The account decides nothing for the first ${env().ACCOUNT_WAIT_HOURS} hours. Two administrators are needed to invite the police and the relay.`,
  )
  return 0
}

await onDatabase(() => main(email))
