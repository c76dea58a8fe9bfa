import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { approvalsFor, unreadApprovals } from '#features/approvals/data.ts'
import { allUnits } from '#features/areas/data.ts'
import { listUndecidedCases, type UndecidedCase } from '#features/cases/deciders/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { titled } from '#messages/page-title.ts'
import { OneAdmin } from '../accounts/one-admin.tsx'
import { MayDecide } from '../may-decide.tsx'
import { nameStaff } from '../name-of.ts'
import { StepUpField } from '../step-up-field.tsx'
import { lendAction } from './actions.ts'
import { ApprovalCard } from './approval-card.tsx'

export const access = 'approval:decide' satisfies Access

export const generateMetadata = titled('approvals', 'title')

const DONE = ['confirmed', 'refused', 'withdrawn', 'asked'] as const

/** Lists requests that wait for a second person, for those who may confirm them and those who asked. */
export default async function ApprovalsPage({ searchParams }: PageProps<'/[locale]/admin/approvals'>) {
  const staff = await requireStaff(access)
  const now = new Date()
  const [{ done }, locale, t, requests, unread] = await Promise.all([
    searchParams,
    getLocale(),
    getTranslations('approvals'),
    approvalsFor(staff, now),
    unreadApprovals(staff, now),
  ])
  if (requests === null) notFoundPage(locale)
  const told = DONE.find((one) => one === done)
  return (
    <div className="stack-l">
      <PageHeader title={t('title')}>
        <p>{t('lead')}</p>
      </PageHeader>
      {told ? (
        <div role="status">
          <Notice tone="ok" title={told === 'asked' ? t('lend.asked') : t(`done.${told}`)} />
        </div>
      ) : null}
      <OneAdmin staff={staff} />
      <LendCases staff={staff} now={now} />
      {unread.map(({ id, unread: why, askedBy, askedAt }) => (
        <Notice key={id} tone="wait" title={t('unread.title')}>
          <p data-unread={why}>
            {t(`unread.${why}`)} {t('asked')}: {askedBy}, <Time at={askedAt} form="moment" />
          </p>
        </Notice>
      ))}
      {requests.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <ul className="stack list-none">
          {requests.map((request) => (
            <li key={request.id} className="max-w-none" data-request={request.id} data-kind={request.kind}>
              <ApprovalCard staff={staff} request={request} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Lists the cases that nobody may decide, each with the form that asks for an officer of another unit; for admins only. */
async function LendCases({ staff, now }: { readonly staff: StaffActor; readonly now: Instant }) {
  const [t, cases] = await Promise.all([getTranslations('approvals.lend'), listUndecidedCases(staff, now)])
  if (cases.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <ul className="stack list-none">
        {cases.map((one) => (
          <li key={one.number} className="max-w-none" data-undecided={one.number}>
            <LendCase one={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}

async function LendCase({
  one: { number, unitId, since, question, people },
}: {
  readonly one: UndecidedCase
}) {
  const [t, units] = await Promise.all([getTranslations('approvals.lend'), allUnits()])
  const options = await Promise.all(
    people.map(async ({ id, name, unitId: of }) => ({
      value: id,
      label: [name, await nameStaff(units, of)].filter(Boolean).join(', '),
    })),
  )
  return (
    <Card>
      <h3>
        {t('case')} <span className="num">{number}</span>
      </h3>
      <SummaryList
        rows={[
          { key: 'unit', term: t('unit'), value: (await nameStaff(units, unitId)) ?? '' },
          { key: 'asks', term: t('asks'), value: t(`question.${question}`) },
          { key: 'since', term: t('since'), value: <Time at={since} form="moment" /> },
        ]}
      />
      {options.length === 0 ? (
        <p>{t('nobody')}</p>
      ) : (
        <MayDecide>
          <ActionForm action={lendAction} scope={`lend-${number}`} className="stack">
            <HiddenField name="number" value={number} />
            <Select name="accountId" label={t('person')} placeholder={t('choose')} options={options} />
            <StepUpField kind="always" />
            <SubmitButton>{t('ask')}</SubmitButton>
          </ActionForm>
        </MayDecide>
      )}
    </Card>
  )
}
