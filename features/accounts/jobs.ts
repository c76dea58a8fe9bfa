import '#server-only'
import { createTranslator } from 'use-intl/core'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { pathFor } from '#messages/paths.ts'
import { locales } from '#messages/routing.ts'
import { keyedHash, unsealFor } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { mailer } from '#platform/mail.ts'
import type { AccountNotice, Job, Queues } from '#platform/queue.ts'
import { browserLinkPath } from './commands/browser-link.ts'
import { linkPath, linkSecret } from './commands/invitation.ts'
import { expireRequests } from './commands/request.ts'
import { addressContext } from './commands/tell-owner.ts'
import { invited } from './repository/invitations.ts'
import { addressOf } from './repository/second-factor.ts'

/** The job `account-notice`: one mail, in both languages, as nobody has told us theirs; with the link where it has one. */
async function sendAccountNotice(
  { id, accountId, notice, invitationId, linkExpires, sealedTo }: Queues['account-notice'],
  now: Instant,
): Promise<void> {
  const secret = invitationId === undefined ? null : linkSecret(invitationId)
  // A link that was used, or that a newer one replaced, is not sent.
  if (secret !== null && !(await invited(keyedHash('invitation', secret), now))) return
  const to =
    sealedTo === undefined
      ? await addressOf(accountId)
      : unsealFor(addressContext(accountId), Buffer.from(sealedTo, 'base64')).toString()
  if (to === null) return
  const path =
    secret !== null
      ? linkPath(secret)
      : linkExpires === undefined
        ? null
        : browserLinkPath(accountId, linkExpires)
  const words = wordsOf(notice, path && addressed(path))
  await mailer().send({ id, to, ...words, locale: 'vi', at: now })
}

const addressed = (path: string): string =>
  new URL(path, env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`).href

function wordsOf(notice: AccountNotice, link: string | null): { subject: string; body: string } {
  const hours = env().ACCOUNT_WAIT_HOURS
  const [subject = '', ...texts] = locales.flatMap((locale) => {
    const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'notices' })
    const url = addressed(pathFor(locale, '/admin/cases'))
    const text = [
      t('mail.greeting'),
      t(`account.${notice}.text`, { hours, url }),
      ...(link === null ? [] : [link]),
      ...(link === null || notice === 'new_browser' ? [] : [t('account.link_life')]),
      ...(notice === 'case_given' ? [] : [t('account.not_you')]),
    ].join('\n\n')
    return locale === 'vi' ? [t(`account.${notice}.subject`), text] : [text]
  })
  return { subject, body: `${texts.join('\n\n— — —\n\n')}\n` }
}

export const jobs: readonly Job[] = [
  { queue: 'account-notice', run: sendAccountNotice },
  { queue: 'account-requests', schedule: '*/10 * * * *', run: (_, now) => expireRequests(now) },
]
