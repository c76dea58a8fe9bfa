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
import { findStaffAddress } from '../factors/data.ts'
import { linkPath, linkSecret } from '../invitations/acts.ts'
import { findInvited } from '../invitations/data.ts'
import { makeBrowserLinkPath } from '../sign-in/acts.ts'
import { getAddressContext } from './acts.ts'

/** Runs the job `account-notice`. The mail is in both languages, because an account has no language of its own. */
async function sendAccountNotice(
  { id, accountId, notice, invitationId, linkExpires, sealedTo, count = 0 }: Queues['account-notice'],
  now: Instant,
): Promise<void> {
  const secret = invitationId === undefined ? null : linkSecret(invitationId)
  // A link that was used, or that a newer one replaced, is not sent.
  if (secret !== null && !(await findInvited(keyedHash('invitation', secret), now))) return
  const to =
    accountId === null
      ? outside()
      : sealedTo === undefined
        ? await findStaffAddress(accountId)
        : unsealFor(getAddressContext(accountId), Buffer.from(sealedTo, 'base64')).toString()
  if (to === null) return
  const path =
    secret !== null
      ? linkPath(secret)
      : linkExpires === undefined || accountId === null
        ? null
        : makeBrowserLinkPath(accountId, linkExpires)
  const words = wordsOf(notice, path && addressed(path), count)
  const leave = addressed(pathFor('vi', '/admin/my-account'))
  const list = accountId !== null && OF_WORK.includes(notice) ? { list: { name: 'cong-viec', leave } } : {}
  await mailer().send({ id, to, ...words, locale: 'vi', at: now, ...list })
}

/** Returns the mailbox outside the staff. Throws without it, so that the job is retried. */
function outside(): string {
  const { ALERT_MAIL } = env()
  if (ALERT_MAIL === undefined) throw new Error('ALERT_MAIL: is not set for this worker')
  return ALERT_MAIL
}

const addressed = (path: string) => new URL(path, env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`).href

/** About late work: these link to its list, and nobody can opt out. */
const OF_LATE_WORK: readonly AccountNotice[] = ['late_unit', 'late_city', 'late_inspectorate']

const OF_WORK: readonly AccountNotice[] = [
  'case_given',
  'hold_asked',
  'case_sent_back',
  'case_answered',
  'case_contested',
  'case_shared_imei',
  'morning',
  ...OF_LATE_WORK,
]

function wordsOf(notice: AccountNotice, link: string | null, count: number) {
  const hours = env().ACCOUNT_WAIT_HOURS
  const [subject = '', ...texts] = locales.flatMap((locale) => {
    const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'notices' })
    const isLate = OF_LATE_WORK.includes(notice)
    const isOfBook = notice === 'bought_reported'
    const page = isLate ? '/admin/cases/late' : isOfBook ? '/admin/shop/book' : '/admin/waiting'
    const url = addressed(pathFor(locale, page))
    const text = [
      t('mail.greeting'),
      t(`account.${notice}.text`, { hours, url, count }),
      ...(link === null ? [] : [link]),
      ...(link === null || notice === 'new_browser' ? [] : [t('account.link_life')]),
      ...(isLate || isOfBook
        ? []
        : OF_WORK.includes(notice)
          ? [t('account.choose')]
          : [t('account.not_you')]),
    ].join('\n\n')
    return locale === 'vi' ? [t(`account.${notice}.subject`, { count }), text] : [text]
  })
  return { subject, body: `${texts.join('\n\n— — —\n\n')}\n` }
}

export const jobs: readonly Job[] = [{ queue: 'account-notice', run: sendAccountNotice }]
