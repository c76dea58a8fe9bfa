import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import { UnitLines, type UnitLinesProps } from '#features/areas/unit-lines.tsx'
import type { Instant } from '#lib/time.ts'
import { type CaseStanding, clockWords } from './rules.ts'
import { sayWhen } from './when.tsx'

export async function CaseClocks({
  standing,
  unit,
  now,
}: {
  readonly standing: CaseStanding
  readonly unit: UnitLinesProps
  readonly now: Instant
}) {
  const [t, when] = await Promise.all([getTranslations('case'), sayWhen(now)])
  // No line ends between “Quận” and its number.
  const name = unit.unit.name.replace(/ (?=\d+$)/, '\u00a0')
  const late = standing.clocks.filter(({ overdue }) => overdue)
  return (
    <section>
      <h2 className="mb-4">{t('holder.keeps', { unit: name })}</h2>
      <div className="card space-y-4">
        {late.map((clock) => (
          <div key={clock.kind} data-clock={clock.kind} data-overdue>
            <span className="block">{t(`clock.${clockWords(standing, clock)}`)}</span>
            <Tag tone="bad">{t('clock.late')}</Tag>
            <span className="mt-1 block text-sm text-soft">
              {t('clock.lateText', { when: when(clock.due) })}
            </span>
          </div>
        ))}
        <UnitLines {...unit} />
        <p className="text-sm text-soft">{t('holder.reach')}</p>
      </div>
    </section>
  )
}
