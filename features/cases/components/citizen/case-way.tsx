import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import type { Instant } from '#lib/time.ts'
import type { Standing } from '../../rules/standing.ts'
import type { WayEntry } from '../../rules/way.ts'
import { sayClock } from './case-clocks.tsx'

export interface CaseWayProps {
  readonly way: readonly WayEntry[]
  readonly standing: Standing
  /** The name of the police area that has the case. */
  readonly area: string
  readonly number: string
  readonly now: Instant
}

/**
 * Draws the progress of a case: a bar a step, the present one in the colour of work in progress, and below it who has
 * the case and by when. On a phone only the present step shows its name, or the last one where all are done; a screen
 * reader gets all names.
 */
export async function CaseWay({ way, standing, area, number, now }: CaseWayProps) {
  const [t, clock] = await Promise.all([getTranslations('case'), sayClock(now)])
  const [first] = standing.clocks
  const who = standing.holder === 'nobody' ? null : t(`holder.${standing.holder}`, { area })
  const due =
    first === undefined ? null : `${t(`clock.${first.kind}`)} ${first.overdue ? t('way.late') : clock(first)}`
  return (
    <section aria-label={t('way.title')} className="way">
      <ol>
        {way.map(({ step, when }, index) => (
          <li key={step} data-when={when} aria-current={when === 'now' ? 'step' : undefined}>
            <span>
              <span className="sr-only">{t(`way.when.${when}`)}</span> {t(`way.${step}`)}
              {when === 'now' ? (
                <span className="md:hidden"> {t('way.of', { step: index + 1, total: way.length })}</span>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
      <p className="flex max-w-none flex-wrap gap-x-4 gap-y-1 text-sm text-soft">
        {who === null ? null : <span>{[who, due].filter(Boolean).join(' · ')}</span>}
        <Link
          href={{ pathname: '/track/[number]', params: { number } }}
          className="print-hidden whitespace-nowrap md:ml-auto"
        >
          {t('page.refresh')}
        </Link>
      </p>
    </section>
  )
}
