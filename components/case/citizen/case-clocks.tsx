import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import type { Clock, Standing } from '#domain/case/standing.ts'
import type { Instant } from '#domain/time.ts'
import { sayWhen } from './when.ts'

export interface CaseClocksProps {
  readonly standing: Standing
  /** The name of the police area that has the case. */
  readonly area: string
  readonly now: Instant
}

/** Shows who has the case now and how long that may take; what is late says so. */
export async function CaseClocks({ standing, area, now }: CaseClocksProps) {
  const [t, when] = await Promise.all([getTranslations('case'), sayWhen(now)])
  const limit = ({ kind, due }: Clock): string => {
    if (kind === 'withdrawal') return t('clock.at', { when: when(due) })
    return t(kind === 'appeal' || kind === 'review' ? 'clock.until' : 'clock.by', { when: when(due) })
  }
  return (
    <section className="card space-y-4">
      <div>
        <h3>{t('holder.title')}</h3>
        <p>{t(`holder.${standing.holder}`, { area })}</p>
      </div>
      {standing.clocks.length === 0 ? null : (
        <div>
          <h3 className="mb-1">{t('clock.title')}</h3>
          <ul className="list-none space-y-2">
            {standing.clocks.map((clock) => (
              <li key={clock.kind} data-clock={clock.kind} data-overdue={clock.overdue}>
                <span className="block">{t(`clock.${clock.kind}`)}</span>
                {clock.overdue ? (
                  <>
                    <Tag tone="bad">{t('clock.late')}</Tag>
                    <span className="mt-1 block text-sm text-soft">
                      {t('clock.lateText', { when: when(clock.due) })}
                    </span>
                  </>
                ) : (
                  <span className="block text-soft">{limit(clock)}</span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
