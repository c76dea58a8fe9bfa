import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { approvalsOn } from '#features/approvals/data.ts'
import { slipParts } from '#features/ratings/invitations/acts.ts'
import { type Draw, listDraws } from '#features/ratings/invitations/data.ts'
import { ANSWER_DAYS, drawSubject, LIST_DAYS, sizeFor } from '#features/ratings/invitations/rules.ts'
import { listKnownAgencies } from '#features/ratings/rating/data.ts'
import { monthLabel } from '#features/results/rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { askDrawAction, dropListAction, importCasesAction } from './actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-invitations', 'title')

const DONE = ['listed', 'asked', 'dropped'] as const
const TONES = { listed: 'wait', open: 'ok', closed: 'plain', dropped: 'plain' } as const
const stateOf = ({ drawnAt, closedAt }: Draw): keyof typeof TONES =>
  drawnAt === null ? (closedAt === null ? 'listed' : 'dropped') : closedAt === null ? 'open' : 'closed'

export default async function InvitationsPage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/invitations'>) {
  const staff = await requireStaff(access)
  const now = new Date()
  const { after, done } = await searchParams
  const [t, locale, known, { draws, next }] = await Promise.all([
    getTranslations('survey-invitations'),
    getLocale(),
    listKnownAgencies(now),
    listDraws(staff, isUuid(after) ? after : null),
  ])
  const subjects = draws.map(({ id }) => drawSubject(id))
  const asked = new Set((await approvalsOn(staff, subjects, now)).map(({ subject }) => subject))
  const names = new Map(known.map(({ id, nameVi, nameEn }) => [id, locale === 'vi' ? nameVi : nameEn]))
  const told = DONE.find((one) => one === done)
  const waiting = draws.filter((one) => stateOf(one) === 'listed')
  const label = ({ agencyId, month }: Draw) =>
    `${names.get(agencyId) ?? agencyId}, ${monthLabel(locale, month)}`
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead', { days: ANSWER_DAYS })} />
      {told === undefined ? null : <DoneNotice title={t(`done.${told}`)} />}
      <Waiting draws={waiting} label={label} asked={asked} />
      <Card>
        <h2>{t('new')}</h2>
        <ActionForm action={importCasesAction} scope="list" className="stack">
          <Select
            name="agency"
            label={t('agency')}
            placeholder={t('choose')}
            options={[...names].map(([value, label]) => ({ value, label }))}
          />
          <Field name="month" label={t('month')} hint={t('monthHint')} width="short" />
          <Field name="source" label={t('source')} hint={t('sourceHint')} />
          <TextArea name="table" label={t('table')} hint={t('tableHint', { days: LIST_DAYS })} rows={8} />
          <p className="actions">
            <SubmitButton look={waiting.length > 0 ? 'quiet' : 'primary'}>{t('submit')}</SubmitButton>
          </p>
        </ActionForm>
      </Card>
      {draws.length === 0 ? <EmptyState title={t('none')} /> : <Draws draws={draws} label={label} />}
      {next === null ? null : (
        <Pagination next={{ pathname: '/admin/survey/invitations', query: { after: next } }} />
      )}
    </div>
  )
}

interface ListsProps {
  readonly draws: readonly Draw[]
  readonly label: (draw: Draw) => string
}

/** Renders the lists without a draw; `asked`: subjects with an open request for a second person. */
async function Waiting({ draws, label, asked }: ListsProps & { readonly asked: ReadonlySet<string> }) {
  const t = await getTranslations('survey-invitations')
  return draws.map((one) => (
    <Card key={one.id}>
      <h2>{label(one)}</h2>
      <p>{t('listed', { cases: one.cases })}</p>
      {asked.has(drawSubject(one.id)) ? (
        <p>
          {t('waits')} <Link href="/admin/approvals">{t('toApprovals')}</Link>
        </p>
      ) : (
        <ActionForm
          action={askDrawAction}
          scope={`draw-${one.id}`}
          initial={{ size: String(Math.min(one.cases, Math.max(30, sizeFor(one.cases)))) }}
          className="stack"
        >
          <HiddenField name="drawId" value={one.id} />
          <Field
            name="size"
            label={t('size')}
            hint={t('sizeHint', { size: sizeFor(one.cases) })}
            inputMode="numeric"
            width="short"
          />
          <StepUpField />
          <p className="actions">
            <SubmitButton>{t('ask')}</SubmitButton>
          </p>
        </ActionForm>
      )}
      <Details summary={t('drop')}>
        <ActionForm action={dropListAction} scope={`drop-${one.id}`} className="stack">
          <HiddenField name="drawId" value={one.id} />
          <p>{t('dropText')}</p>
          <p className="actions">
            <SubmitButton look="danger">{t('drop')}</SubmitButton>
          </p>
        </ActionForm>
      </Details>
    </Card>
  ))
}

async function Draws({ draws, label }: ListsProps) {
  const [t, locale, format] = await Promise.all([
    getTranslations('survey-invitations'),
    getLocale(),
    getFormatter(),
  ])
  return (
    <Table
      caption={t('draws')}
      columns={[
        { head: t('what'), cell: label },
        {
          head: t('state'),
          cell: (one) => <Tag tone={TONES[stateOf(one)]}>{t(`states.${stateOf(one)}`)}</Tag>,
        },
        { head: t('cases'), align: 'end', cell: ({ cases }) => format.number(cases) },
        { head: t('drawn'), align: 'end', cell: ({ drawn }) => drawn && format.number(drawn) },
        {
          head: t('answered'),
          align: 'end',
          cell: ({ answered }) => answered !== null && format.number(answered),
        },
        {
          head: t('until'),
          cell: ({ endsAt }) => endsAt && formatInstant(locale, endsAt, 'date'),
        },
        {
          head: t('slips'),
          cell: ({ id, printed, closedAt }) =>
            printed === 0 || closedAt !== null ? null : (
              <span className="flex flex-wrap gap-x-3">
                {t('printed', { count: printed })}
                {Array.from({ length: slipParts(printed) }, (_, at) => at + 1).map((part) => (
                  <a key={part} href={`/api/survey/draws/${id}/slips?part=${part}`}>
                    {t('print', { part })}
                  </a>
                ))}
              </span>
            ),
        },
      ]}
      rows={draws}
      keyOf={({ id }) => id}
      marks={(one) => ({ 'data-draw': one.agencyId, 'data-state': stateOf(one) })}
    />
  )
}
