import { getLocale, getTranslations } from 'next-intl/server'
import { Tag, type TagProps } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { promiseStanding } from '../rules/commitment.ts'
import type { PromiseState, PublishedReply } from '../rules/reply.ts'
import { WithdrawnTag } from './withdrawn.tsx'
import { Words } from './words.tsx'

const TONES: Readonly<Record<PromiseState, NonNullable<TagProps['tone']>>> = {
  doing: 'wait',
  overdue: 'bad',
  kept: 'ok',
}

export interface ReplyNoteProps {
  readonly reply: PublishedReply & { readonly id: string }
  /** A local date. */
  readonly today: string
}

/**
 * Shows in short what people wrote, what the agency did, and the standing of its promise; the reply's own page has the
 * rest.
 */
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
        <Tag tone={TONES[state]}>{t(`state.${state}`)}</Tag>
        {kept === null ? due : <Time at={kept.at} form="date" />}
      </p>
    </div>
  )
}
