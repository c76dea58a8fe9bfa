import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import { UnitLines, type UnitLinesProps } from '#features/areas/unit-lines.tsx'
import type { Instant } from '#lib/time.ts'
import type { Clock, Standing } from '../../rules/standing.ts'
import { sayWhen } from './when.ts'

export interface CaseClocksProps {
  readonly standing: Standing
  /** The name of the police area that has the case. */
  readonly area: string
  /** Holds the ways to reach the police unit that has it. */
  readonly unit: UnitLinesProps
  readonly now: Instant
}

/** Returns a function that says until when something may take: "chậm nhất 10:40 ngày mai". */
export async function sayClock(now: Instant): Promise<(clock: Clock) => string> {
  const [t, when] = await Promise.all([getTranslations('case.clock'), sayWhen(now)])
  return ({ kind, due }) => {
    if (kind === 'withdrawal') return t('at', { when: when(due) })
    return t(kind === 'appeal' || kind === 'review' ? 'until' : 'by', { when: when(due) })
  }
}

/** Shows who has the case now, how to reach them, and how long they may take; says so when they are late. */
export async function CaseClocks({ standing, area, unit, now }: CaseClocksProps) {
  const [t, when, limit] = await Promise.all([getTranslations('case'), sayWhen(now), sayClock(now)])
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
      <div className="border-t border-line pt-4">
        <h3 className="mb-2">{unit.unit.name}</h3>
        <UnitLines {...unit} />
        <p className="mt-3 text-sm text-soft">{t('holder.reach')}</p>
      </div>
    </section>
  )
}
