import { getTranslations } from 'next-intl/server'
import { KeyBar } from '#components/layout/key-bar.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Due } from '#features/cases/queue/due.tsx'
import { type CaseTask, countTasks, listCaseTasks } from '#features/tasks/data.ts'
import { badgeOf, type TaskKind, totalOf } from '#features/tasks/rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { Instant } from '#lib/time.ts'
import { titled } from '#messages/page-title.ts'
import type { Route } from '#messages/paths.ts'

export const access = 'signed in' satisfies Access

/** The page for each kind of work other than the person's own cases. */
const ELSEWHERE = [
  ['objection', '/admin/objections'],
  ['phone_seen', '/admin/recovery'],
  ['late_complaint', '/admin/cases/late'],
  ['data_request', '/admin/cases/data'],
  ['approval', '/admin/approvals'],
  ['order_refused', { pathname: '/admin/orders', query: { view: 'failed' } }],
  ['release', '/admin/orders/releases'],
  ['survey_flow', '/admin/survey'],
  ['suggestion', '/admin/survey/suggestions'],
  ['trial', '/admin/survey/questionnaires'],
  ['comment', '/admin/survey/comments/held'],
] as const satisfies readonly (readonly [TaskKind, Route])[]

const URGENT: readonly TaskKind[] = ['to_confirm', 'refused', 'sent_back']

export const generateMetadata = titled('tasks', 'title')

export default async function WaitingPage() {
  const [staff, now] = [await requireStaff(), new Date()]
  const [t, counts, cases] = await Promise.all([
    getTranslations('tasks'),
    countTasks(staff, now),
    listCaseTasks(staff, now),
  ])
  const elsewhere = ELSEWHERE.flatMap(([kind, href]) => {
    const count = counts[kind]
    return count ? [{ kind, href, count }] : []
  })
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {totalOf(counts) === 0 ? <EmptyState title={t('none')} /> : null}
      {elsewhere.length === 0 ? null : (
        <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {elsewhere.map(({ kind, href, count }) => (
            <li key={kind} className="card" data-task={kind}>
              <Link href={href}>{t(`kind.${kind}`)}</Link>
              <span className="block text-soft">{t('wait', { count: badgeOf(count) })}</span>
            </li>
          ))}
        </ul>
      )}
      {cases.length === 0 ? null : <Cases cases={cases} now={now} />}
    </div>
  )
}

async function Cases({ cases, now }: { readonly cases: readonly CaseTask[]; readonly now: Instant }) {
  const [t, keys] = await Promise.all([getTranslations('tasks'), getTranslations('common.keys')])
  const ranked = cases.toSorted((a, b) => Number(URGENT.includes(b.kind)) - Number(URGENT.includes(a.kind)))
  return (
    <>
      <div data-rows="">
        <Table
          caption={t('list')}
          captionHidden
          phone="roomy"
          columns={[
            {
              head: t('number'),
              cell: ({ number }) => (
                <Link
                  className="num"
                  data-row=""
                  href={{ pathname: '/admin/cases/[number]', params: { number } }}
                >
                  {number}
                </Link>
              ),
            },
            {
              head: t('why'),
              cell: ({ kind }) =>
                URGENT.includes(kind) ? <Tag tone="bad">{t(`kind.${kind}`)}</Tag> : t(`kind.${kind}`),
            },
            { head: t('model'), cell: ({ model }) => model },
            {
              head: t('due'),
              align: 'end',
              cell: ({ actBy }) => (
                <Due state="under_review" dueAt={actBy} withdrawEffectiveAt={null} held={null} now={now} />
              ),
            },
          ]}
          rows={ranked}
          keyOf={({ id }) => id}
          marks={({ number, kind }) => ({ 'data-task': kind, 'data-case-number': number })}
        />
      </div>
      <KeyBar
        keys={[
          { keys: ['J', 'K'], label: keys('rows') },
          { keys: ['Enter'], label: keys('open') },
        ]}
      />
    </>
  )
}
