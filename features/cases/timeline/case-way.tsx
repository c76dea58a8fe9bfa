import { getTranslations } from 'next-intl/server'
import type { Instant } from '#lib/time.ts'
import { type CaseStanding, type Clock, clockWords } from '../standing/rules.ts'
import { sayWhen } from '../standing/when.tsx'
import type { WayEntry } from './rules.ts'

/**
 * Shows the progress of a case on a wide screen: one bar per step, the present one in the colour of work in progress, and below
 * it who has the case and until when. Hidden on a phone, where the timeline says it all and a bar would only push it down.
 */
export async function CaseWay({
  way,
  standing,
  area,
  now,
}: {
  readonly way: readonly WayEntry[]
  readonly standing: CaseStanding
  readonly area: string
  readonly now: Instant
}) {
  const [t, clock] = await Promise.all([getTranslations('case'), sayClock(now)])
  const [first] = standing.clocks
  const who = standing.holder === 'nobody' ? null : t(`holder.${standing.holder}`, { area })
  const due =
    first === undefined
      ? null
      : `${t(`clock.${clockWords(standing, first)}`)} ${first.overdue ? t('way.late') : clock(first)}`
  return (
    <section aria-label={t('way.title')} className="way max-md:hidden">
      <ol>
        {way.map(({ step, when }) => (
          <li key={step} data-when={when} aria-current={when === 'now' ? 'step' : undefined}>
            <span>
              <span className="sr-only">{t(`way.when.${when}`)}</span> {t(`way.${step}`)}
            </span>
          </li>
        ))}
      </ol>
      {who === null ? null : <p className="text-sm text-soft">{[who, due].filter(Boolean).join(' · ')}</p>}
    </section>
  )
}

/** Returns a function that writes the deadline of a clock: "chậm nhất 10:40 ngày mai". */
async function sayClock(now: Instant): Promise<(clock: Clock) => string> {
  const [t, when] = await Promise.all([getTranslations('case.clock'), sayWhen(now)])
  return ({ kind, due }) => {
    if (kind === 'withdrawal') return t('at', { when: when(due) })
    return t(kind === 'appeal' || kind === 'review' ? 'until' : 'by', { when: when(due) })
  }
}
