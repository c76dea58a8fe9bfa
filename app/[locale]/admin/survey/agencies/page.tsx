import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { type EditionState, readManagedCatalogue } from '#features/agencies/changes/page-data.ts'
import { dayBefore } from '#features/agencies/changes/rules.ts'
import { type AgencyVersion, englishName } from '#features/agencies/rules.ts'
import { searchAgencies } from '#features/agencies/search-rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { previewAction, withdrawAction } from './actions.ts'
import { ChangesTable } from './changes-table.tsx'

export const access = 'survey:read' satisfies Access

export const generateMetadata = titled('survey-agencies', 'title')

export default async function AgenciesPage({ searchParams }: PageProps<'/[locale]/admin/survey/agencies'>) {
  const staff = await requireStaff(access)
  const manages = may(staff.role, 'survey:manage')
  const [t, { q, done }, all] = await Promise.all([
    getTranslations('survey-agencies'),
    searchParams,
    readManagedCatalogue(staff, new Date()),
  ])
  if (all === null) notFoundPage(await getLocale())
  const query = typeof q === 'string' ? q.slice(0, 100) : ''
  const coming = all.changes.filter(({ on }) => on > all.today)
  const open = searchAgencies(all.open, query)
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')}>
        {manages ? (
          <p className="actions">
            <ButtonLink
              href={{ pathname: '/admin/survey/agencies/change', query: { kind: 'add' } }}
              size="small"
            >
              {t('add')}
            </ButtonLink>
            <ButtonLink
              href={{ pathname: '/admin/survey/agencies/change', query: { kind: 'merge' } }}
              look="quiet"
              size="small"
            >
              {t('mergeSome')}
            </ButtonLink>
          </p>
        ) : null}
      </PageHeader>
      {done === 'change' || done === 'withdraw' ? (
        <DoneNotice title={t(done === 'change' ? 'done' : 'withdrawDone')} />
      ) : null}
      {all.editions.map((edition) => (
        <EditionCard key={edition.id} edition={edition} today={all.today} manages={manages} />
      ))}
      {coming.length === 0 ? null : <ChangesTable title={t('coming')} changes={coming} manages={manages} />}
      <section className="stack" aria-labelledby="open">
        <h2 id="open">{t('open', { count: all.open.length })}</h2>
        <Search query={query} />
        {open.length === 0 ? <p>{t('none')}</p> : <Agencies agencies={open} caption={t('name')} />}
      </section>
      {all.ended.length === 0 ? null : (
        <Details summary={t('ended', { count: all.ended.length })}>
          <Agencies agencies={all.ended} caption={t('ended', { count: all.ended.length })} />
        </Details>
      )}
      <ChangesTable
        title={t('history')}
        changes={all.changes.filter(({ on }) => on <= all.today)}
        manages={manages}
      />
    </div>
  )
}

async function Search({ query }: { readonly query: string }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  return (
    <search>
      <form className="toolbar" action={pathFor(locale, '/admin/survey/agencies')}>
        <div className="field">
          <label htmlFor="q">{t('search')}</label>
          <input
            className="control"
            id="q"
            name="q"
            type="search"
            defaultValue={query}
            placeholder={t('searchHint')}
            autoComplete="off"
          />
        </div>
        <Button look="quiet" size="small">
          {t('find')}
        </Button>
        {query === '' ? null : <Link href="/admin/survey/agencies">{t('all')}</Link>}
      </form>
    </search>
  )
}

async function Agencies({
  agencies,
  caption,
}: {
  readonly agencies: readonly AgencyVersion[]
  readonly caption: string
}) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  const dated = agencies.some(({ validTo }) => validTo !== null)
  const until = ({ validTo }: AgencyVersion) =>
    validTo === null ? null : <span className="num">{formatDate(locale, dayBefore(validTo))}</span>
  return (
    <Table
      caption={caption}
      captionHidden
      columns={[
        {
          head: t('name'),
          cell: ({ id, nameVi, nameEn, areas }) => (
            <div>
              <Link href={{ pathname: '/admin/survey/agencies/[agency]', params: { agency: id } }}>
                {locale === 'vi' ? nameVi : nameEn}
              </Link>
              {areas.length === 0 ? null : (
                <small className="block text-soft">
                  {areas.map((area) => (locale === 'vi' ? area : englishName(area))).join('; ')}
                </small>
              )}
            </div>
          ),
        },
        { head: t('kindLabel'), phone: 'right', cell: ({ kind }) => t(`kind.${kind}`) },
        {
          head: t('since'),
          cell: ({ validFrom }) => <span className="num">{formatDate(locale, validFrom)}</span>,
        },
        dated && { head: t('until'), cell: until },
      ]}
      rows={agencies}
      keyOf={({ id }) => id}
      marks={({ id }) => ({ 'data-agency': id })}
    />
  )
}

async function EditionCard({
  edition,
  today,
  manages,
}: {
  readonly edition: EditionState
  readonly today: string
  readonly manages: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies.edition'), getLocale()])
  const { id, on, departments, units } = edition
  const state = on === null ? t('off') : t(on <= today ? 'isOn' : 'willBe', { date: formatDate(locale, on) })
  return (
    <Card data-edition={id} data-edition-on={on ?? ''}>
      <h2 className="flex flex-wrap items-center gap-3">
        {t('title', { year: id })} <Tag tone={on === null ? 'wait' : 'ok'}>{state}</Tag>
      </h2>
      <p>{t('text', { departments, units })}</p>
      {manages ? <Switch edition={edition} /> : null}
    </Card>
  )
}

async function Switch({ edition }: { readonly edition: EditionState }) {
  const [t, why, locale] = await Promise.all([
    getTranslations('survey-agencies.edition'),
    getTranslations('survey-agencies'),
    getLocale(),
  ])
  const { id, changeId, firstDay, firstFreeDay } = edition
  if (changeId !== null) {
    return (
      <ActionForm action={withdrawAction} scope={`edition-${id}`} className="stack">
        <HiddenField name="changeId" value={changeId} />
        <p className="text-soft">{t('offText')}</p>
        <TextArea name="reason" label={why('withdrawWhy')} hint={why('withdrawWhyHint')} rows={2} />
        <StepUpField />
        <SubmitButton look="quiet" size="small">
          {t('switchOff')}
        </SubmitButton>
      </ActionForm>
    )
  }
  const late = firstFreeDay !== null && firstFreeDay > firstDay ? firstFreeDay : null
  const date = formatDate(locale, firstDay)
  return (
    <ActionForm
      action={previewAction}
      scope={`edition-${id}`}
      initial={{ on: late ?? firstDay }}
      className="stack"
    >
      <HiddenField name="edition" value={id} />
      <Field
        name="on"
        type="date"
        width="short"
        label={t('day')}
        hint={
          late === null ? t('dayHint', { date }) : t('dayHintFree', { date, free: formatDate(locale, late) })
        }
      />
      <SubmitButton look="quiet" size="small">
        {t('look')}
      </SubmitButton>
    </ActionForm>
  )
}
