import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { KeyBar } from '#components/layout/key-bar.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Due } from '#features/cases/queue/due.tsx'
import {
  findObjections,
  objectionQueue,
  type QueuedObjection,
} from '#features/disputes/objections/queue-data.ts'
import type { SentState } from '#features/disputes/objections/rules.ts'
import { openForSession } from '#http/sealed.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { Instant } from '#lib/time.ts'
import { titled } from '#messages/page-title.ts'
import { readKey, writeKey } from '../cases/data/key.ts'
import { inspectAction, searchObjectionsAction } from './actions.ts'

export const access = 'case:read' satisfies Access

export const generateMetadata = titled('objection-staff', 'title')

export default async function ObjectionsPage({ searchParams }: PageProps<'/[locale]/admin/objections'>) {
  const staff = await requireStaff(access)
  const [{ after, inspected, found }, t, keys] = await Promise.all([
    searchParams,
    getTranslations('objection-staff'),
    getTranslations('common.keys'),
  ])
  const sealed = typeof found === 'string' ? found : undefined
  const search = sealed === undefined ? null : await openForSession<string>('objection-search', sealed)
  const now = new Date()
  const page = search === null ? null : await findObjections(staff, search, readKey(after), now)
  const { rows, next } = page ?? (await objectionQueue(staff, readKey(after)))
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {inspected === 'same' || inspected === 'differs' ? (
        <div role="status">
          <Notice tone={inspected === 'same' ? 'ok' : 'wait'} title={t(`inspection.${inspected}`)} />
        </div>
      ) : null}
      <ActionForm
        action={searchObjectionsAction}
        scope="search"
        className="toolbar"
        initial={{ q: search ?? '' }}
      >
        <Field name="q" type="search" label={t('search')} placeholder={t('search_hint')} />
        <SubmitButton look="quiet" size="small">
          {t('search_button')}
        </SubmitButton>
      </ActionForm>
      {page === null ? null : (
        <p role="status">
          {t('found')} <Link href="/admin/objections">{t('search_back')}</Link>
        </p>
      )}
      {rows.length === 0 ? (
        <EmptyState title={t(page === null ? 'none' : 'none_found')} />
      ) : (
        <div data-rows="">
          <ObjectionTable lines={rows.map(lineOf)} now={now} />
        </div>
      )}
      {next === null ? null : (
        <Pagination
          next={{ pathname: '/admin/objections', query: { found: sealed, after: writeKey(next) } }}
        />
      )}
      <Card>
        <h2>{t('inspection.title')}</h2>
        <p>{t('inspection.text')}</p>
        <ActionForm action={inspectAction} scope="inspection" className="stack">
          <Field name="objectionNumber" label={t('inspection.number')} look="number" width="medium" />
          <Field
            name="imei"
            label={t('inspection.imei')}
            hint={t('inspection.imeiHint')}
            inputMode="numeric"
            look="number"
            width="medium"
          />
          <TextArea name="reason" label={t('inspection.reason')} hint={t('inspection.reasonHint')} rows={2} />
          <p className="actions">
            <SubmitButton look="quiet">{t('inspection.button')}</SubmitButton>
          </p>
        </ActionForm>
      </Card>
      <KeyBar
        keys={[
          { keys: ['J', 'K'], label: keys('rows') },
          { keys: ['Enter'], label: keys('open') },
        ]}
      />
    </div>
  )
}

function lineOf({ state, against, ...row }: QueuedObjection): ObjectionLine {
  const upheld = state === 'open' && against?.state === 'unblock_review' && against.unblockVerifiedById
  return {
    ...row,
    state: upheld ? 'upheld' : (state as SentState),
    caseNumber: against?.number ?? null,
    flags: [
      ...(against?.sharedAt || against?.sharedDueAt ? (['shared'] as const) : []),
      ...(row.renewedAt ? (['renewed'] as const) : []),
      ...(row.inspection && row.inspectedAt === null ? (['inspection'] as const) : []),
      ...(against?.objectionAnsweredAt ? (['answered'] as const) : []),
    ],
  }
}

interface ObjectionLine {
  readonly id: string
  readonly number: string
  /** `upheld`: one person agreed, and a second one must. */
  readonly state: SentState | 'upheld'
  readonly imei: string
  readonly dueAt: Instant
  readonly caseNumber: string | null
  readonly flags: readonly ('shared' | 'renewed' | 'inspection' | 'answered')[]
}

async function ObjectionTable({
  lines,
  now,
}: {
  readonly lines: readonly ObjectionLine[]
  readonly now: Instant
}) {
  const t = await getTranslations('objection-staff')
  return (
    <Table
      caption={t('list')}
      captionHidden
      columns={[
        {
          head: t('number'),
          cell: (line) => (
            <Link
              className="num"
              data-row=""
              href={{ pathname: '/admin/objections/[objection]', params: { objection: line.number } }}
            >
              {line.number}
            </Link>
          ),
        },
        { head: t('imei'), phone: 'left', cell: (line) => <Imei value={line.imei} /> },
        { head: t('state'), phone: 'right', cell: (line) => t(`states.${line.state}`) },
        {
          head: t('notes'),
          cell: (line) =>
            line.flags.length === 0 ? null : (
              <span className="inline-flex flex-wrap justify-end gap-1.5 md:justify-start">
                {line.flags.map((flag) => (
                  <Tag key={flag} tone={flag === 'answered' ? 'plain' : 'wait'}>
                    {t(`flag.${flag}`)}
                  </Tag>
                ))}
              </span>
            ),
        },
        {
          head: t('case'),
          cell: (line) => (line.caseNumber ? <span className="num">{line.caseNumber}</span> : null),
        },
        {
          head: t('due'),
          align: 'end',
          phone: 'right',
          cell: (line) => (
            <Due
              state={line.state === 'info_requested' ? 'info_requested' : 'under_review'}
              dueAt={line.dueAt}
              withdrawEffectiveAt={null}
              held={null}
              now={now}
            />
          ),
        },
      ]}
      rows={lines}
      keyOf={(line) => line.id}
      marks={(line) => ({ 'data-objection-number': line.number, 'data-objection-status': line.state })}
    />
  )
}
