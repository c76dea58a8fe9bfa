import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { formatDate, formatInstant } from '#messages/dates.ts'
import type { PublishedReply, Withdrawal, WithdrawalReason } from './rules.ts'

export async function WithdrawnTag() {
  const t = await getTranslations('survey-withdrawal')
  return (
    <Tag tone="bad" icon="ban">
      {t('tag')}
    </Tag>
  )
}

/** Shows why something was withdrawn, in the words of the person who withdrew it. */
export async function WithdrawnReason({ reason }: { readonly reason: WithdrawalReason }) {
  const t = await getTranslations('survey-withdrawal')
  return (
    <dl>
      <dt className="font-semibold">{t('why')}</dt>
      <dd>
        <Words vi={reason.reasonVi} en={reason.reasonEn} />
      </dd>
    </dl>
  )
}

/** Renders an answer that its agency withdrew: that there was one, when it was withdrawn and why, without its words. */
export async function WithdrawnReply({
  reply,
  withdrawn,
}: {
  readonly reply: PublishedReply
  readonly withdrawn: Withdrawal
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-withdrawal.reply')])
  const day = (at: Date) => formatInstant(locale, at, 'date')
  return (
    <Card className="stack" data-reply={reply.id} data-withdrawn="">
      <p>
        <WithdrawnTag />
      </p>
      <p>{t('gone', { published: day(reply.publishedAt), withdrawn: day(withdrawn.at) })}</p>
      <WithdrawnReason reason={withdrawn} />
      {reply.promise === null || reply.kept !== null ? null : (
        <p>{t('promise', { date: formatDate(locale, reply.promise.dueOn) })}</p>
      )}
      {reply.replacedAt === null ? null : <p>{t('replacedOn', { date: day(reply.replacedAt) })}</p>}
    </Card>
  )
}

/** Shows published words in the page's language, or in Vietnamese and marked as such where there are no others. */
export async function Words({ vi, en }: { readonly vi: string; readonly en: string | null }) {
  const locale = await getLocale()
  const shown = locale === 'vi' ? { text: vi } : { text: en ?? vi, ...(en === null && { lang: 'vi' }) }
  return (
    <p className="wrap-anywhere whitespace-pre-line" lang={shown.lang}>
      {shown.text}
    </p>
  )
}
