import '#server-only'
import { createTranslator } from 'use-intl/core'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import { type Locale, locales } from '#messages/routing.ts'
import { env } from '#platform/env.ts'
import { mailer } from '#platform/mail.ts'
import type { ExchangeNotice, Queues } from '#platform/queue.ts'
import { findAddress } from '../contacts/data.ts'

/** Sends one mail, in both languages because the reader's is unknown; none if the reader is gone. */
export async function sendCarrierNotice(
  { id, to, toId, was, notice }: Queues['exchange-notice'],
  now: Instant,
): Promise<void> {
  const address = await findAddress(to, toId, was)
  if (address === null) return
  const [subject = '', ...texts] = locales.flatMap((locale) => {
    const { title, text } = wordsOf(notice, to, locale)
    return locale === 'vi' ? [title, text] : [text]
  })
  const body = `${texts.join('\n\n— — —\n\n')}\n`
  await mailer().send({ id, to: address, subject, body, locale: 'vi', at: now })
}

function wordsOf(notice: ExchangeNotice, to: 'staff' | 'contact', locale: Locale) {
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'notices' })
  const base = env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`
  const url = new URL(pathFor(locale, pageOf(notice, to)), base).href
  const text = t(`exchange.${notice.template}.text`, notice.values)
  return {
    title: t(`exchange.${notice.template}.subject`, notice.values),
    text: [t('mail.greeting'), text, t('exchange.link', { url }), t('exchange.automatic')].join('\n\n'),
  }
}

/** Returns the page to which a notice links. A carrier's contact on duty has to sign in first, and may have no account. */
function pageOf({ carrierId }: ExchangeNotice, to: 'staff' | 'contact'): Route {
  if (to === 'contact') return '/admin'
  return carrierId === null
    ? '/admin/orders/releases'
    : { pathname: '/admin/carriers/[carrier]', params: { carrier: carrierId } }
}
