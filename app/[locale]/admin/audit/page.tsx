import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { FoldedForm } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { findPeopleMeant, namesOf } from '#features/accounts/data.ts'
import { allUnits } from '#features/areas/data.ts'
import { readAuditPage } from '#features/audit/entries/data.ts'
import { ACTS } from '#features/audit/entries/names-rules.ts'
import { findLastSealed, findSealingTrouble, listShownBreaks } from '#features/audit/sealing/data.ts'
import { StatedBreaks } from '#features/audit/sealing/stated-breaks.tsx'
import { countQuickDecisions } from '#features/cases/proof/data.ts'
import { DecisionSpeeds } from '#features/cases/proof/decision-speeds.tsx'
import { findCaseId } from '#features/cases/record/page-data.ts'
import { readLastRun } from '#features/data-audit/data.ts'
import { LastRun } from '#features/data-audit/last-run.tsx'
import { alertPage } from '#features/disclosures/lookups/data.ts'
import { asksForCode, requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { logWords } from '#messages/log-words.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { StepUpField } from '../step-up-field.tsx'
import { listStepUpAction } from './actions.ts'
import { AlertList } from './alerts.tsx'
import { EntryTable } from './entry-table.tsx'
import { entryPlace, readAuditQuery } from './query.ts'

export const access = 'audit:read' satisfies Access

export const generateMetadata = titled('audit', 'title')

export default async function AuditPage({ searchParams }: PageProps<'/[locale]/admin/audit'>) {
  const staff = await requireStaff(access)
  const { filter, below, number, person, days, wrong, asked, alerts } = readAuditQuery(await searchParams)
  const meant = person === undefined ? [] : await findPeopleMeant(staff, person)
  const found = number === undefined ? null : await findCaseId(staff, number)
  if (found) {
    const story = { pathname: '/admin/audit/cases/[number]', params: { number: found.number } } as const
    redirect(pathFor(await getLocale(), story))
  }
  if (meant.length === 1 && meant[0]) {
    const query = { ...asked, actor: meant[0].id }
    redirect(pathFor(await getLocale(), { pathname: '/admin/audit', query }))
  }
  const [t, words, { entries, next }, sealedAt, names, trouble, breaks, run] = await Promise.all([
    getTranslations('audit'),
    logWords(),
    readAuditPage(staff, filter, below),
    findLastSealed(),
    namesOf(filter.actorId === undefined ? [] : [filter.actorId]),
    findSealingTrouble(),
    listShownBreaks(),
    readLastRun(staff),
  ])
  const begins = Object.keys(asked).length === 0 && below === null
  const narrowed = [
    filter.subject && t('of_subject', { kind: words.noun(filter.subject.kind), id: filter.subject.id }),
    filter.actorId && t('of_actor', { name: names.get(filter.actorId) ?? filter.actorId }),
    filter.act && t('of_act', { act: words.act(filter.act) }),
    ofDays(days, t),
  ].filter((one) => one !== undefined && one !== '')
  return (
    <div className="list-page">
      <div className="list-head">
        <h1>{t('title')}</h1>
        <p className="text-soft">
          {sealedAt === null ? (
            t('never_sealed')
          ) : (
            <>
              {t('last_sealed')} <Time at={sealedAt} />
            </>
          )}
        </p>
        {begins ? <AlertsLink staff={staff} below={alerts} /> : null}
      </div>
      {trouble === null ? null : (
        <div data-audit-stopped={trouble.fault}>
          <Notice tone="bad" title={t('stopped.title')}>
            <p>
              {t('stopped.since')} <Time at={trouble.since} form="moment" />:{' '}
              {t(`stopped.${trouble.fault}`, { ...trouble.facts })}
            </p>
            <p>{t('stopped.then')}</p>
          </Notice>
        </div>
      )}
      <StatedBreaks breaks={breaks} />
      {begins && run && run.faults > 0 ? <LastRun run={run} /> : null}
      <Search asked={asked} days={days} wrong={wrong} number={number ?? ''} person={person ?? ''} />
      {person === undefined ? null : <Meant text={person} people={meant} asked={asked} />}
      {number === undefined ? null : <Notice tone="wait">{t('no_case')}</Notice>}
      {narrowed.length === 0 ? null : (
        <p className="flex flex-wrap gap-x-4">
          {narrowed.join(' · ')}
          <Link href="/admin/audit">{t('all')}</Link>
        </p>
      )}
      {Object.keys(asked).length === 0 ? null : (
        <ListFile asked={asked} bounded={filter.between !== undefined} />
      )}
      {entries.length === 0 ? <EmptyState title={t('none')} /> : <EntryTable entries={entries} />}
      {next === null ? null : (
        <Pagination next={{ pathname: '/admin/audit', query: { ...asked, below: entryPlace(next) } }} />
      )}
      {begins ? (
        <>
          <AlertList staff={staff} below={alerts} />
          <Speeds staff={staff} />
          {run && run.faults === 0 ? <LastRun run={run} /> : null}
        </>
      ) : null}
    </div>
  )
}

async function AlertsLink(of: Parameters<typeof AlertList>[0]) {
  const [t, { alerts }] = await Promise.all([
    getTranslations('disclosure.alert'),
    alertPage(of.staff, of.below),
  ])
  const open = alerts.filter(({ seenAt }) => seenAt === null).length
  if (alerts.length === 0) return null
  return (
    <p className="list-end">
      <a href="#alerts">{t('title')}</a>{' '}
      {open === 0 ? null : (
        <Tag tone="bad">
          {t('open')} {open}
        </Tag>
      )}
    </p>
  )
}

interface Days {
  readonly from: string | undefined
  readonly to: string | undefined
}

const written = (day: string): string => day.split('-').toReversed().join('/')

/** Returns the filter's days as text; null if it covers all days. */
function ofDays(
  { from, to }: Days,
  t: Awaited<ReturnType<typeof getTranslations<'audit'>>>,
): string | undefined {
  if (from !== undefined && to !== undefined)
    return from === to
      ? t('of_day', { day: written(from) })
      : t('of_days', { from: written(from), to: written(to) })
  if (from !== undefined) return t('of_since', { from: written(from) })
  return to === undefined ? undefined : t('of_until', { to: written(to) })
}

type Asked = Readonly<Record<string, string>>

async function Meant({
  text,
  people,
  asked,
}: {
  readonly text: string
  readonly people: Awaited<ReturnType<typeof findPeopleMeant>>
  readonly asked: Asked
}) {
  const [t, role] = await Promise.all([getTranslations('audit'), getTranslations('admin.role')])
  if (people.length === 0) return <Notice tone="wait">{t('no_person')}</Notice>
  return (
    <Notice tone="wait" title={t('persons', { text })}>
      <ul>
        {people.map((one) => (
          <li key={one.id}>
            <Link href={{ pathname: '/admin/audit', query: { ...asked, actor: one.id } }}>{one.name}</Link> (
            {role(one.role)})
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** Offers the search result as a file, once days are chosen and a fresh code is given. */
async function ListFile({ asked, bounded }: { readonly asked: Asked; readonly bounded: boolean }) {
  const [t, asks] = await Promise.all([getTranslations('audit.file'), asksForCode('file')])
  if (bounded && asks)
    return (
      <ActionForm action={listStepUpAction}>
        <FoldedForm summary={t('title')}>
          <p>{t('text')}</p>
          {Object.entries(asked).map(([name, value]) => (
            <HiddenField key={name} name={name} value={value} />
          ))}
          <StepUpField kind="file" />
          <p className="actions">
            <SubmitButton look="quiet">{t('goOn')}</SubmitButton>
          </p>
        </FoldedForm>
      </ActionForm>
    )
  return (
    <Details summary={t('title')} look="row" open={bounded}>
      <p>{t(bounded ? 'text' : 'days')}</p>
      {bounded ? (
        <p className="actions">
          <a
            className="button"
            data-look="quiet"
            href={`/api/audit/entries?${new URLSearchParams(asked)}`}
            download
            data-audit-csv
          >
            <Icon name="download" />
            {t('download')}
          </a>
        </p>
      ) : null}
    </Details>
  )
}

async function Speeds({ staff }: { readonly staff: StaffActor }) {
  const [speeds, areas, locale] = await Promise.all([
    countQuickDecisions(staff, new Date()),
    allUnits(),
    getLocale(),
  ])
  if (speeds === null) return null
  const names = new Map(areas.map((area) => [area.id, locale === 'en' ? area.nameEn : area.nameVi]))
  return <DecisionSpeeds speeds={speeds} areas={names} />
}

/** Renders a plain GET form, so that the address contains the search. */
async function Search({
  asked,
  days,
  wrong,
  number,
  person,
}: {
  readonly asked: Asked
  readonly days: Days
  readonly wrong: ReturnType<typeof readAuditQuery>['wrong']
  readonly number: string
  readonly person: string
}) {
  const [locale, t, words] = await Promise.all([getLocale(), getTranslations('audit'), logWords()])
  const known = ACTS.some(({ acts }) => acts.some((act) => act === asked.act))
  const fields = [
    { name: 'number', label: t('case_number'), value: number },
    { name: 'person', label: t('person'), value: person },
    {
      name: 'from',
      label: t('from'),
      isDay: true,
      value: wrong.from ?? written(days.from ?? ''),
      wrong: wrong.from,
    },
    { name: 'to', label: t('to'), isDay: true, value: wrong.to ?? written(days.to ?? ''), wrong: wrong.to },
  ]
  return (
    <search aria-label={t('search')}>
      <form action={pathFor(locale, '/admin/audit')} method="get" className="flex flex-wrap items-end gap-3">
        {asked.actor === undefined ? null : <input type="hidden" name="actor" value={asked.actor} />}
        {fields.map(({ name, label, isDay, value, wrong: fault }) => (
          <div key={name} className="field" data-invalid={fault === undefined ? undefined : ''}>
            <label htmlFor={`audit-${name}`}>{label}</label>
            {fault === undefined ? null : (
              <p className="error" id={`audit-${name}-fault`}>
                {t('no_day')}
              </p>
            )}
            <input
              className="control"
              id={`audit-${name}`}
              name={name}
              type={isDay ? 'text' : 'search'}
              inputMode={isDay ? 'numeric' : undefined}
              placeholder={isDay ? 'dd/mm/yyyy' : undefined}
              size={isDay ? 10 : undefined}
              defaultValue={value}
              autoComplete="off"
              aria-invalid={fault === undefined ? undefined : true}
              aria-describedby={fault === undefined ? undefined : `audit-${name}-fault`}
            />
          </div>
        ))}
        <div className="field">
          <label htmlFor="audit-act">{t('act_filter')}</label>
          <select className="control max-w-80" id="audit-act" name="act" defaultValue={asked.act}>
            <option value="">{t('any_act')}</option>
            {known || asked.act === undefined ? null : <option value={asked.act}>{asked.act}</option>}
            {ACTS.map(({ noun, acts }) => (
              <optgroup key={noun} label={words.noun(noun)}>
                {acts.map((act) => (
                  <option key={act} value={act}>
                    {words.act(act)} ({act})
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </div>
        <Button look="quiet">{t('find')}</Button>
      </form>
    </search>
  )
}
