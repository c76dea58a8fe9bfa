import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { namesOf } from '#features/accounts/data.ts'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import type { ListedApproval } from '#features/approvals/data.ts'
import { allUnits } from '#features/areas/data.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { ReleaseTag } from '#features/exchange/orders/state-tags.tsx'
import { type CountedRelease, findRelease } from '#features/exchange/releases/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { ApprovalCard } from '../../../approvals/approval-card.tsx'
import { MayDecide } from '../../../may-decide.tsx'
import { StepUpField } from '../../../step-up-field.tsx'
import { askReleaseAction, sendBatchAction } from '../actions.ts'
import { CaseBox } from './case-box.tsx'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('releases', 'one')

const pageNumber = z.coerce.number().int().min(1).max(10_000).catch(1)

export default async function ReleasePage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/orders/releases/[release]'>) {
  const staff = await requireStaff(access)
  const id = z.uuid().safeParse((await params).release)
  const page = pageNumber.parse((await searchParams).page)
  const [t, locale, found] = await Promise.all([
    getTranslations('releases'),
    getLocale(),
    id.success ? findRelease(staff, id.data, page) : null,
  ])
  if (!found) notFoundPage(locale)
  const [reasons, carriers, areas] = await Promise.all([
    getTranslations('exchange.reason'),
    carrierNames(),
    allUnits(),
  ])
  const nameOfCarrier = (one: string) => carriers.find(({ id }) => id === one)?.name ?? one
  const nameOfArea = (one: string) =>
    areas.find(({ id }) => id === one)?.[locale === 'vi' ? 'nameVi' : 'nameEn']
  const { release: head } = found
  const people = [
    head.askedById,
    head.decidedById,
    ...found.cases.flatMap((one) => [one.firstById, one.secondById]),
  ].filter((one) => one !== null)
  const names = await namesOf([...new Set(people)])
  const nameOf = (one: string | null) => (one === null ? '–' : (names.get(one) ?? '–'))
  const decidable = may(staff.role, 'order:release') && (head.state === 'waiting' || head.state === 'asked')
  const asks = decidable && !isInWaitingPeriod(staff, new Date())
  const chosen = new Set(found.withheld.map((one) => one.id))
  const here = new Set(found.cases.flatMap((one) => (one.waiting ? [one.id] : [])))
  const pageAt = (number: number) =>
    ({
      pathname: '/admin/orders/releases/[release]',
      params: { release: head.id },
      query: { page: String(number) },
    }) as const
  const title =
    head.carrierId === null
      ? t('causes.guard')
      : t('causes.choice', { carrier: nameOfCarrier(head.carrierId) })
  const cases = (
    <Table
      caption={t('cases_title')}
      captionHidden
      columns={[
        {
          head: t('case_number'),
          cell: (one) => (
            <Link
              className="num"
              href={{ pathname: '/admin/orders/[order]', params: { order: one.orderId } }}
            >
              {one.number}
            </Link>
          ),
        },
        { head: t('case_area'), phone: 'below', cell: (one) => nameOfArea(one.unitId) ?? one.unitId },
        { head: t('case_first'), phone: 'below', cell: (one) => nameOf(one.firstById) },
        { head: t('case_second'), phone: 'below', cell: (one) => nameOf(one.secondById) },
        {
          head: t('case_imei'),
          phone: 'below',
          cell: (one) => <span className="num">{one.endings.map((end) => `…${end}`).join(', ')}</span>,
        },
        (asks || chosen.size > 0) && {
          head: t('case_withheld'),
          cell: (one) =>
            asks && one.waiting ? (
              <CaseBox caseId={one.id} label={t('withhold_case', { number: one.number })} />
            ) : chosen.has(one.id) ? (
              t('withheld_case')
            ) : null,
        },
      ]}
      rows={found.cases}
      keyOf={(one) => one.number}
    />
  )
  return (
    <div className="stack-l">
      <PageHeader kicker={<Link href="/admin/orders/releases">{t('title')}</Link>} title={title}>
        <p data-release-state={head.state}>
          <ReleaseTag state={head.dropped ? 'waiting' : head.state} />
        </p>
      </PageHeader>
      <p>
        {t(head.cause === 'guard' ? 'guard_text' : head.state === 'asked' ? 'choice_two' : 'choice_text')}
      </p>
      {head.dropped ? <Notice title={t('dropped')}>{t('dropped_text')}</Notice> : null}
      <Figures
        items={[
          { key: 'cases', value: head.cases, label: t('cases') },
          { key: 'orders', value: head.orders, label: t('orders') },
          { key: 'waiting', value: head.waiting, label: t('waiting') },
        ]}
      />
      {decidable ? (
        <MayDecide>
          <ReleaseDecision staff={staff} release={head} request={found.request} />
        </MayDecide>
      ) : null}
      <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Share title={t('by_area')} rows={found.byArea} nameOf={(area) => nameOfArea(area) ?? area} />
        <Share title={t('by_reason')} rows={found.byReason} nameOf={(reason) => reasons(reason)} />
        <Share title={t('by_carrier')} rows={found.byCarrier} nameOf={nameOfCarrier} />
      </div>
      <Card>
        <h2>{t('cases_title')}</h2>
        {asks ? (
          <AskRelease
            release={head}
            request={found.request}
            withheld={found.withheld}
            elsewhere={found.withheld.filter((one) => !here.has(one.id))}
            paged={page > 1 || found.more}
          >
            {cases}
          </AskRelease>
        ) : (
          cases
        )}
        <Pagination
          {...(page > 1 && { previous: pageAt(page - 1) })}
          {...(found.more && { next: pageAt(page + 1) })}
        />
      </Card>
      <Card>
        <h2>{t('course')}</h2>
        <SummaryList
          rows={[
            { key: 'opened', term: t('opened'), value: <Time at={head.openedAt} /> },
            ...(head.askedAt
              ? [
                  {
                    key: 'asked',
                    term: t('asked_at'),
                    value: <By at={head.askedAt} name={nameOf(head.askedById)} />,
                  },
                ]
              : []),
            ...(head.reason ? [{ key: 'reason', term: t('reason'), value: head.reason }] : []),
            ...(found.withheld.length > 0
              ? [
                  {
                    key: 'withheld',
                    term: t('case_withheld'),
                    value: <span className="num">{found.withheld.map((one) => one.number).join(', ')}</span>,
                  },
                ]
              : []),
            ...(head.decidedAt
              ? [
                  {
                    key: 'decided',
                    term: t('decided_at'),
                    value: <By at={head.decidedAt} name={nameOf(head.decidedById)} />,
                  },
                ]
              : []),
            ...(head.doneAt ? [{ key: 'done', term: t('done_at'), value: <Time at={head.doneAt} /> }] : []),
          ]}
        />
      </Card>
    </div>
  )
}

function By({ at, name }: { readonly at: Date; readonly name: string }) {
  return (
    <>
      <Time at={at} />, {name}
    </>
  )
}

function Share<K extends string>({
  title,
  rows,
  nameOf,
}: {
  readonly title: string
  readonly rows: ReadonlyMap<K, number>
  readonly nameOf: (key: K) => string
}) {
  return (
    <Card>
      <h2>{title}</h2>
      <SummaryList
        rows={[...rows].map(([key, cases]) => ({
          key,
          term: nameOf(key),
          value: <span className="num">{cases}</span>,
        }))}
      />
    </Card>
  )
}

interface Named {
  readonly id: string
  readonly number: string
}

interface Props {
  readonly release: CountedRelease
  readonly request: ListedApproval | null
}

/** Shows the request that waits for a second person, or lets one person of the relay send a batch. */
async function ReleaseDecision({ staff, release, request }: Props & { readonly staff: StaffActor }) {
  const t = await getTranslations('releases')
  if (request) return <ApprovalCard staff={staff} request={request} />
  if (release.cause !== 'choice' || release.state !== 'waiting') return null
  return (
    <Card>
      <h2>{t('batch')}</h2>
      <ActionForm action={sendBatchAction} scope="batch" className="stack">
        <HiddenField name="releaseId" value={release.id} />
        <StepUpField />
        <SubmitButton>{t('send_batch')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

/**
 * Asks to send a release, with or without the cases ticked in `children`, or to withhold all of it. An open request's cases are
 * ticked; those on other pages are sent along as hidden fields.
 */
async function AskRelease({
  release,
  request,
  withheld,
  elsewhere,
  paged,
  children,
}: Props & {
  readonly withheld: readonly Named[]
  /** Cases in `withheld` that this page does not list. */
  readonly elsewhere: readonly Named[]
  readonly paged: boolean
  readonly children: ReactNode
}) {
  const t = await getTranslations('releases')
  const batch = release.cause === 'choice'
  const first = request === null
  return (
    <ActionForm
      action={askReleaseAction}
      scope="ask"
      className="stack"
      initial={{ withheld: withheld.map(({ id }) => id) }}
    >
      <p>{t('choose_text')}</p>
      {paged ? <p>{t('choose_paged')}</p> : null}
      {children}
      <HiddenField name="releaseId" value={release.id} />
      {elsewhere.map(({ id }) => (
        <HiddenField key={id} name="withheld" value={id} />
      ))}
      {elsewhere.length > 0 ? (
        <p>{t('elsewhere', { numbers: elsewhere.map(({ number }) => number).join(', ') })}</p>
      ) : null}
      <h3>{t(first ? 'ask' : 'ask_again')}</h3>
      <p>{t(batch ? 'ask_text_batch' : 'ask_text')}</p>
      <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} rows={3} />
      <StepUpField />
      <p className="actions">
        <SubmitButton name="outcome" value="sending" look={first && !batch ? 'primary' : 'quiet'}>
          {t(batch ? 'ask_rest' : 'ask_sending')}
        </SubmitButton>
        {batch ? null : (
          <SubmitButton name="outcome" value="withholding" look="danger">
            {t('ask_withholding')}
          </SubmitButton>
        )}
      </p>
    </ActionForm>
  )
}
