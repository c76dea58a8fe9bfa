import '#server-only'
import { createTranslator } from 'use-intl/core'
import type { Instant } from '#domain/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { locales } from '#messages/routing.ts'
import { mailer } from '#server/platform/mail.ts'
import type { AccountNotice, Job, Queues } from '#server/platform/queue.ts'
import { addressOf } from './repository/second-factor.ts'

/** The job `account-notice`: one mail, in both languages, as nobody has told us theirs. */
async function sendAccountNotice(
  { id, accountId, notice }: Queues['account-notice'],
  now: Instant,
): Promise<void> {
  const to = await addressOf(accountId)
  if (to !== null) await mailer().send({ id, to, ...wordsOf(notice), locale: 'vi', at: now })
}

function wordsOf(notice: AccountNotice): { subject: string; body: string } {
  const [subject = '', ...texts] = locales.flatMap((locale) => {
    const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'notices' })
    const text = [t('mail.greeting'), t(`account.${notice}.text`), t('account.not_you')].join('\n\n')
    return locale === 'vi' ? [t(`account.${notice}.subject`), text] : [text]
  })
  return { subject, body: `${texts.join('\n\n— — —\n\n')}\n` }
}

export const jobs: readonly Job[] = [{ queue: 'account-notice', run: sendAccountNotice }]
