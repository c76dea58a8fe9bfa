import '#server-only'
import { createTranslator } from 'use-intl/core'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale as locale } from '#messages/routing.ts'
import { env } from '#platform/env.ts'
import { mailer } from '#platform/mail.ts'
import type { Job, Queues } from '#platform/queue.ts'
import { unsealAddress } from './alerts-acts.ts'
import { addressOfAuditor, alertMail } from './data.ts'

/** Mails an alert. The mail's id is fixed, so that a repeated send arrives once. */
async function sendAlert({ alertId, accountId, sealedTo, mailId }: Queues['lookup-alert']): Promise<void> {
  const outside = sealedTo === undefined ? env().ALERT_MAIL : unsealAddress(alertId, sealedTo)
  const to = accountId === null ? outside : await addressOfAuditor(accountId)
  // The job is retried and listed among the failed ones: the process that queued it had the variable.
  if (to === undefined) throw new Error('ALERT_MAIL: is not set for this worker')
  const mail = await alertMail(alertId)
  if (to === null || mail === null) return
  const { name, at, act } = mail
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'disclosure.mail' })
  const base = env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`
  const url = new URL(pathFor(locale, '/admin/audit'), base).href
  const values = { name, time: formatInstant(locale, at, 'moment'), url }
  const acts = createTranslator({ locale, messages: catalogue[locale], namespace: 'audit-acts' })
  const done = act === null ? null : acts(act as 'account.request')
  const subject = done === null ? t('subject') : t('account_subject', { act: done })
  const body = done === null ? t('text', values) : t('account_text', { ...values, act: done })
  await mailer().send({ id: mailId, to, subject, body: `${body}\n`, locale, at })
}

export const jobs: readonly Job[] = [{ queue: 'lookup-alert', run: sendAlert }]
