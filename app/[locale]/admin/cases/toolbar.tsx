import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button } from '#components/ui/button.tsx'
import type { PoliceUnit } from '#features/areas/queries.ts'
import { CASE_STATES } from '#features/cases/rules/state.ts'
import { pathFor } from '#messages/paths.ts'
import { searchAction } from './actions.ts'
import type { Query } from './query.ts'

interface ToolbarProps {
  readonly query: Query
  readonly search: string | null
  /** The districts to choose from; none for those who have one. */
  readonly areas: readonly PoliceUnit[]
}

/** Look for a case, or narrow the queue. The search is posted, so that no name stands in an address. */
export async function Toolbar({ query, search, areas }: ToolbarProps) {
  const [t, locale] = await Promise.all([getTranslations('case-staff'), getLocale()])
  const { filter } = query
  return (
    <div className={`print-hidden grid gap-4 ${areas.length === 0 ? 'xl:grid-cols-2' : ''}`}>
      <ActionForm action={searchAction} scope="search" className="toolbar" initial={{ q: search ?? '' }}>
        <Field name="q" type="search" label={t('queue.search')} placeholder={t('queue.search_hint')} />
        <SubmitButton look="quiet" size="small">
          {t('queue.search_button')}
        </SubmitButton>
      </ActionForm>
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
