import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { listExclusionGroups } from '#features/ratings/integrity/data.ts'
import { writtenMonth } from '#features/ratings/integrity/rules.ts'
import { listKnownAgencies } from '#features/ratings/rating/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { formatPlace, readPlace } from '../comments/place.ts'
import { askRemovalAction } from './actions.ts'

export const access = 'survey:read' satisfies Access

export const generateMetadata = titled('survey-integrity.staff', 'title')

export default async function ExclusionsPage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/exclusions'>) {
  const staff = await requireStaff(access)
  const { after, done } = await searchParams
  const [known, removal, locale, t, words, ledger, { groups, next }] = await Promise.all([
    listKnownAgencies(new Date()),
    getTranslations('survey-integrity.removal'),
    getLocale(),
    getTranslations('survey-integrity.staff'),
    getTranslations('survey-integrity.reason'),
    getTranslations('survey-integrity.ledger'),
    listExclusionGroups(staff, readPlace(after)),
  ])
  const manages = may(staff.role, 'survey:manage')
  const names = new Map(known.map(({ id, nameVi, nameEn }) => [id, locale === 'vi' ? nameVi : nameEn]))
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {done === 'reversed' ? <DoneNotice title={t('done')} /> : null}
      {done === 'dropped' ? <DoneNotice title={t('dropped')} /> : null}
      {done === 'removal' ? <DoneNotice title={removal('asked')} /> : null}
      {groups.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <Table
          caption={t('list')}
          captionHidden
          columns={[
            {
              head: ledger('agency'),
              cell: ({ agency }) => (locale === 'vi' ? agency.nameVi : agency.nameEn),
            },
            { head: t('month'), cell: ({ month }) => writtenMonth(month) },
            { head: ledger('reason'), cell: ({ reason }) => words(reason) },
            {
              head: ledger('count'),
              align: 'end',
              cell: ({ count }) => <span className="num">{count}</span>,
            },
            manages && {
              head: t('reverse'),
              align: 'end',
              cell: ({ id }) => (
                <Link href={{ pathname: '/admin/survey/exclusions/[exclusion]', params: { exclusion: id } }}>
                  {t('open')}
                </Link>
              ),
            },
          ]}
          rows={groups}
          keyOf={({ id }) => id}
          marks={({ id, reason, count }) => ({
            'data-exclusion': id,
            'data-reason': reason,
            'data-excluded': count,
          })}
        />
      )}
      {next === null ? null : (
        <Pagination next={{ pathname: '/admin/survey/exclusions', query: { after: formatPlace(next) } }} />
      )}
      {manages ? <RemovalForm names={names} /> : null}
      <p>
        <Link href="/ledger">{ledger('title')}</Link>
      </p>
    </div>
  )
}

async function RemovalForm({ names }: { readonly names: ReadonlyMap<string, string> }) {
  const [t, staff] = await Promise.all([
    getTranslations('survey-integrity.removal'),
    getTranslations('survey-integrity.staff'),
  ])
  return (
    <Details summary={t('title')}>
      <p className="max-w-measure">{t('lead')}</p>
      <ActionForm action={askRemovalAction} scope="removal" className="stack max-w-measure">
        <Select
          name="agencyId"
          label={t('agency')}
          placeholder={t('choose')}
          options={[...names].map(([value, label]) => ({ value, label }))}
        />
        <Field name="from" label={t('from')} width="short" />
        <Field name="to" label={t('to')} width="short" />
        <TextArea name="reason" label={staff('why')} rows={3} />
        <TextArea name="reasonEn" label={staff('whyEn')} rows={3} optional />
        <StepUpField />
        <p className="actions">
          <SubmitButton look="danger">{t('ask')}</SubmitButton>
        </p>
      </ActionForm>
    </Details>
  )
}
