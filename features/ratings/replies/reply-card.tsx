import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Tag, type TagProps } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { type PromiseState, type PublishedReply, promiseStanding, type Withdrawal } from './rules.ts'
import { WithdrawnReason, WithdrawnTag, Words } from './withdrawn.tsx'

const TONES: Readonly<Record<PromiseState, NonNullable<TagProps['tone']>>> = {
  doing: 'neutral',
  overdue: 'wait',
  kept: 'ok',
}

interface ReplyCardProps {
  readonly reply: PublishedReply & { readonly id: string }
  /** A local date. */
  readonly today: string
  readonly children?: ReactNode
}

export async function ReplyCard({ reply, today, children }: ReplyCardProps) {
  const [locale, t, withdrawal] = await Promise.all([
    getLocale(),
    getTranslations('survey-replies'),
    getTranslations('survey-withdrawal.reply'),
  ])
  if (reply.withdrawn !== null) return <WithdrawnReply reply={reply} withdrawn={reply.withdrawn} />
  return (
    <Card className="stack" data-reply={reply.id}>
      <dl className="space-y-4">
        <div className="space-y-1">
          <dt className="font-semibold text-teal">{t('said')}</dt>
          <dd>
            <Words vi={reply.saidVi} en={reply.saidEn} />
          </dd>
        </div>
        <div className="space-y-1">
          <dt className="font-semibold text-teal">{t('done')}</dt>
          <dd>
            <Words vi={reply.answerVi} en={reply.answerEn} />
          </dd>
        </div>
        <Commitment reply={reply} today={today} />
      </dl>
      <p className="text-sm text-soft">
        {t('published')} <Time at={reply.publishedAt} form="date" />
        {reply.replaces === null
          ? null
          : `. ${withdrawal('replaces', { date: formatInstant(locale, reply.replaces, 'date') })}`}
      </p>
      {children}
    </Card>
  )
}

async function Commitment({ reply: { promise, kept, changes }, today }: ReplyCardProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-replies')])
  if (promise === null) return null
  const { state, firstDue, movedTo, late } = promiseStanding(
    { dueOn: promise.dueOn, before: changes.map((change) => change.dueOn), keptAt: kept?.at ?? null },
    today,
  )
  const first = formatDate(locale, firstDue)
  const moved = movedTo === null ? null : formatDate(locale, movedTo)
  const overdue = late && kept === null
  return (
    <div className="space-y-2 border-l-4 border-line pl-4" data-promise={state} data-late={late}>
      <dt className="font-semibold text-teal">{t('promise')}</dt>
      <dd className="space-y-2">
        <Words vi={promise.promiseVi} en={promise.promiseEn} />
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Tag tone={TONES[state]}>{t(`state.${state}`)}</Tag>
          <span>
            {moved === null
              ? t(overdue ? 'lateSince' : 'due', { date: first })
              : t(overdue ? 'lateMoved' : 'moved', { date: first, moved })}
          </span>
          {late && kept !== null ? <span className="text-soft">{t('keptLate')}</span> : null}
        </p>
        {kept === null ? null : (
          <>
            <p className="text-soft">
              {t('keptOn')} <Time at={kept.at} form="date" />
            </p>
            <Words vi={kept.doneVi} en={kept.doneEn} />
          </>
        )}
        {changes.length === 0 ? null : (
          <Details summary={t('changes', { count: changes.length })}>
            <ol className="space-y-3">
              {changes.map((change) => (
                <li key={change.changedAt.toISOString()} className="space-y-1">
                  <p className="text-soft">
                    {t('changed')} <Time at={change.changedAt} form="date" />. {t('before')}
                  </p>
                  <Words vi={change.promiseVi} en={change.promiseEn} />
                  <p>{t('due', { date: formatDate(locale, change.dueOn) })}</p>
                  <p className="text-soft">{t('reason')}</p>
                  <Words vi={change.reasonVi} en={change.reasonEn} />
                </li>
              ))}
            </ol>
          </Details>
        )}
      </dd>
    </div>
  )
}

const NOTE_TONES: Readonly<Record<PromiseState, NonNullable<TagProps['tone']>>> = {
  doing: 'wait',
  overdue: 'bad',
  kept: 'ok',
}

interface ReplyNoteProps {
  readonly reply: PublishedReply & { readonly id: string }
  /** A local date. */
  readonly today: string
}

/** Renders in short what people wrote, what the agency did, and the state of its promise. The reply's own page has the rest. */
export async function ReplyNote({ reply, today }: ReplyNoteProps) {
  const [locale, t, gone] = await Promise.all([
    getLocale(),
    getTranslations('survey-replies'),
    getTranslations('survey-withdrawal.reply'),
  ])
  const { withdrawn } = reply
  if (withdrawn !== null) {
    const day = (at: Date) => formatInstant(locale, at, 'date')
    return (
      <article className="reply-note" data-reply={reply.id} data-withdrawn="">
        <p>
          <WithdrawnTag />
        </p>
        <p className="text-soft">
          {gone('gone', { published: day(reply.publishedAt), withdrawn: day(withdrawn.at) })}
        </p>
      </article>
    )
  }
  return (
    <article className="reply-note" data-reply={reply.id}>
      <div className="text-soft">
        <Words vi={reply.saidVi} en={reply.saidEn} />
      </div>
      <div className="font-semibold">
        <Words vi={reply.answerVi} en={reply.answerEn} />
      </div>
      {reply.promise === null ? (
        <p className="text-sm text-soft">
          {t('published')} <Time at={reply.publishedAt} form="date" />
        </p>
      ) : (
        <Promised reply={reply} promise={reply.promise} today={today} />
      )}
    </article>
  )
}

async function Promised({
  reply: { kept, changes },
  promise,
  today,
}: ReplyNoteProps & { readonly promise: NonNullable<PublishedReply['promise']> }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-replies')])
  const { state, firstDue, movedTo, late } = promiseStanding(
    { dueOn: promise.dueOn, before: changes.map((change) => change.dueOn), keptAt: kept?.at ?? null },
    today,
  )
  const first = formatDate(locale, firstDue)
  const overdue = late && kept === null
  const due =
    movedTo === null
      ? t(overdue ? 'lateSince' : 'due', { date: first })
      : t(overdue ? 'lateMoved' : 'moved', { date: first, moved: formatDate(locale, movedTo) })
  return (
    <div className="space-y-1.5" data-promise={state} data-late={late}>
      <Words vi={promise.promiseVi} en={promise.promiseEn} />
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm text-soft">
        <Tag tone={NOTE_TONES[state]}>{t(`state.${state}`)}</Tag>
        {kept === null ? due : <Time at={kept.at} form="date" />}
      </p>
    </div>
  )
}

/** Renders a withdrawn answer without its words: that it existed, when it was withdrawn and why. */
async function WithdrawnReply({
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
