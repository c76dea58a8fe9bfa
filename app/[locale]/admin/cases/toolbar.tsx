import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import type { PoliceUnit } from '#features/areas/queries.ts'
import { CASE_STATES } from '#features/cases/rules/state.ts'
import { pathFor } from '#messages/paths.ts'
import type { Query } from './query.ts'

interface ToolbarProps {
  readonly query: Query
  /** The districts to choose from; none for those who have one. */
  readonly areas: readonly PoliceUnit[]
}

/** Renders what narrows the queue. The search for a case is in the frame, on every page. */
export async function Toolbar({ query, areas }: ToolbarProps) {
  const [t, locale] = await Promise.all([getTranslations('case-staff'), getLocale()])
  const { filter } = query
  return (
    <div className="print-hidden">
      <form className="toolbar" action={pathFor(locale, '/admin/cases')}>
        <Choice
          name="state"
          label={t('queue.state')}
          value={filter.state ?? ''}
          options={[
            ['', t('queue.any_state')],
            ...CASE_STATES.map((state) => [state, t(`state.${state}`)] as const),
          ]}
        />
        <Choice
          name="who"
          label={t('queue.who')}
          value={filter.who}
          options={[
            ['everybody', t('queue.everybody')],
            ['mine', t('queue.mine')],
            ['nobody', t('queue.nobody')],
          ]}
        />
        {areas.length === 0 ? null : (
          <Choice
            name="area"
            label={t('queue.area')}
            value={filter.unitId ?? ''}
            options={[
              ['', t('queue.any_area')],
              ...areas.map((area) => [area.id, locale === 'en' ? area.nameEn : area.nameVi] as const),
            ]}
          />
        )}
        {filter.conflicts ? <input type="hidden" name="view" value="conflicts" /> : null}
        <Button look="quiet" size="small">
          {t('queue.filter')}
        </Button>
      </form>
    </div>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
}

function Choice({ name, label, value, options }: ChoiceProps) {
  return (
    <div className="field">
      <label htmlFor={`filter-${name}`}>{label}</label>
      <select className="control" id={`filter-${name}`} name={name} defaultValue={value}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}
