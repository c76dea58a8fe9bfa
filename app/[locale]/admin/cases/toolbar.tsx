import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import type { PoliceUnit } from '#features/areas/data.ts'
import type { Counted } from '#features/cases/queue/data.ts'
import type { QueuePage } from '#features/cases/queue/page-data.ts'
import {
  isSortable,
  QUEUE_FLAGS,
  QUEUE_KINDS,
  QUEUE_SORTS,
  WHOLE_QUEUE,
  writeQueueFilter,
} from '#features/cases/queue/rules.ts'
import { CASE_STATES } from '#features/cases/record/state-rules.ts'
import { pathFor } from '#messages/paths.ts'
import { dropViewAction, keepViewAction } from './actions.ts'
import type { CasesQuery } from './query.ts'

interface ToolbarProps {
  readonly query: CasesQuery
  readonly units: readonly PoliceUnit[]
  readonly page: QueuePage
  readonly size: Counted
}

export async function Toolbar({ query, units, page, size }: ToolbarProps) {
  const [t, kinds, locale] = await Promise.all([
    getTranslations('case-staff'),
    getTranslations('report.incident'),
    getLocale(),
  ])
  const { filter } = query
  const narrowed = Object.entries(writeQueueFilter(filter)).some(
    ([name, value]) => value !== undefined && name !== 'view' && name !== 'sort',
  )
  return (
    <div className="queue-tools print-hidden">
      <details className="queue-narrow" open={narrowed}>
        <summary>{t('queue.narrow')}</summary>
        <form className="queue-filter" action={pathFor(locale, '/admin/cases')}>
          {filter.view === 'all' ? null : <input type="hidden" name="view" value={filter.view} />}
          <Choice
            name="kind"
            label={t('queue.kind')}
            value={filter.kind ?? ''}
            options={[['', t('queue.any_kind')], ...QUEUE_KINDS.map((kind) => [kind, kinds(kind)] as const)]}
          />
          <Choice
            name="proof"
            label={t('queue.proof')}
            value={filter.proof ?? ''}
            options={[
              ['', t('queue.any_proof')],
              ['yes', t('queue.with_proof')],
              ['no', t('queue.without_proof')],
            ]}
          />
          <Choice
            name="flag"
            label={t('queue.flags')}
            value={filter.flag ?? ''}
            options={[
              ['', t('queue.any_flag')],
              ...QUEUE_FLAGS.map((flag) => [flag, t(`flag.${flag}`)] as const),
            ]}
          />
          <Choice
            name="state"
            label={t('queue.state')}
            value={filter.state ?? ''}
            options={[
              ['', t('queue.any_state')],
              ...CASE_STATES.map((state) => [state, t(`state.${state}`)] as const),
            ]}
          />
          {units.length === 0 ? null : (
            <Choice
              name="area"
              label={t('queue.area')}
              value={filter.unitId ?? ''}
              options={[
                ['', t('queue.any_area')],
                ...units.map((unit) => [unit.id, locale === 'en' ? unit.nameEn : unit.nameVi] as const),
              ]}
            />
          )}
          {isSortable(filter) ? (
            <Choice
              name="sort"
              className="queue-choice-sort"
              label={t('queue.sort')}
              value={filter.sort}
              options={QUEUE_SORTS.map((sort) => [sort, t(`queue.sorted.${sort}`)] as const)}
            />
          ) : null}
          <Button look="quiet" size="small">
            {t('queue.filter')}
          </Button>
          {narrowed ? (
            <Link
              href={{
                pathname: '/admin/cases',
                query: writeQueueFilter({ ...WHOLE_QUEUE, view: filter.view }),
              }}
            >
              {t('queue.no_filter')}
            </Link>
          ) : null}
        </form>
      </details>
      <div className="queue-where">
        <Position page={page} size={size} />
        {query.kept === null ? <KeepView query={query} /> : <DropView id={query.kept} />}
      </div>
    </div>
  )
}

async function Position({ page, size }: Pick<ToolbarProps, 'page' | 'size'>) {
  const [t, format] = await Promise.all([getTranslations('case-staff.queue'), getFormatter()])
  const shown = page.rows.length
  if (shown === 0) return <p role="status">{t('position.none')}</p>
  const last = page.skipped + shown
  // Rows added or removed since the first page change the count; it must not be below the rows seen.
  const all = Math.max(size.count, last)
  const numbers = { from: format.number(page.skipped + 1), to: format.number(last), all: format.number(all) }
  const whole = !size.more && page.previous === null && page.next === null
  return (
    <p role="status" className="whitespace-nowrap">
      {whole
        ? t('position.whole', { count: shown })
        : t(size.more ? 'position.more' : 'position.about', numbers)}
    </p>
  )
}

async function KeepView({ query }: { readonly query: CasesQuery }) {
  const t = await getTranslations('case-staff.queue')
  const choices = new URLSearchParams(
    Object.entries(writeQueueFilter(query.filter)).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
  return (
    <details className="queue-keep" data-menu="">
      <summary>{t('keep.open')}</summary>
      <ActionForm action={keepViewAction} scope="keep" className="queue-keep-form">
        <HiddenField name="query" value={choices.toString()} />
        <Field name="viewName" label={t('keep.name')} hint={t('keep.hint')} />
        <SubmitButton size="small">{t('keep.button')}</SubmitButton>
      </ActionForm>
    </details>
  )
}

async function DropView({ id }: { readonly id: string }) {
  const t = await getTranslations('case-staff.queue')
  return (
    <ActionForm action={dropViewAction} scope="drop" className="">
      <HiddenField name="view" value={id} />
      <SubmitButton look="plain" size="small">
        {t('keep.drop')}
      </SubmitButton>
    </ActionForm>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly className?: string
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
}

function Choice({ name, className = '', label, value, options }: ChoiceProps) {
  return (
    <label className={`queue-choice ${className}`}>
      <span className="sr-only">{label}</span>
      <select className="control" name={name} defaultValue={value} data-set={value === '' ? undefined : ''}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}
