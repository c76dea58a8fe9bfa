import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { namesOf } from '#server/accounts/loaders.ts'
import { auditPage, lastSealed } from '#server/audit/loaders.ts'
import { requireStaff } from '#server/entry/session.ts'
import { type Query, readQuery } from './query.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('audit'))('title') }
}

/** The whole log, or one subject's story, or all that one person did. */
export default async function AuditPage({ searchParams }: { searchParams: Promise<Query> }) {
  await requireStaff('audit:read')
  const { filter, below } = readQuery(await searchParams)
  const [t, { entries, next }, sealedAt] = await Promise.all([
    getTranslations('audit'),
    auditPage(filter, below),
    lastSealed(),
  ])
  const ids = [...entries.map(({ actorId }) => actorId), filter.actorId]
  const names = await namesOf(ids.filter((id) => id !== null && id !== undefined))
  const asked = {
    ...(filter.actorId !== undefined && { actor: filter.actorId }),
    ...(filter.subject && { kind: filter.subject.kind, subject: filter.subject.id }),
  }
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <p className="text-soft">
        {sealedAt === null ? (
          t('never_sealed')
        ) : (
          <>
            {t('last_sealed')} <Time at={sealedAt} />
          </>
        )}
      </p>
      {Object.keys(asked).length === 0 ? null : (
        <p className="flex flex-wrap gap-x-4">
          {filter.subject
            ? t('of_subject', filter.subject)
            : t('of_actor', { name: names.get(filter.actorId ?? '') ?? filter.actorId ?? '' })}
          <Link href="/admin/audit">{t('all')}</Link>
        </p>
      )}
      {entries.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <Table
          caption={t('list')}
          captionHidden
          columns={[
            { key: 'at', label: t('at') },
            { key: 'act', label: t('act') },
            { key: 'actor', label: t('actor') },
            { key: 'subject', label: t('subject') },
            { key: 'facts', label: t('facts') },
            { key: 'leaf', label: t('leaf'), align: 'end' },
          ]}
          rows={entries.map((entry) => ({
            key: String(entry.id),
            marks: { 'data-audit-entry': String(entry.id), 'data-act': entry.act },
            cells: {
              at: <Time at={entry.at} />,
              act: <code>{entry.act}</code>,
              actor:
                entry.actorKind === 'staff' && entry.actorId !== null ? (
                  <Link href={{ pathname: '/admin/audit', query: { actor: entry.actorId } }}>
                    {names.get(entry.actorId) ?? entry.actorId}
                  </Link>
                ) : (
                  t(`kind.${entry.actorKind}`)
                ),
              subject: (
                <Link
                  href={{
                    pathname: '/admin/audit',
                    query: { kind: entry.subjectKind, subject: entry.subjectId },
                  }}
                >
                  {entry.subjectKind} {entry.subjectId.slice(0, 8)}
                </Link>
              ),
              facts: <Facts facts={entry.facts} />,
              leaf: entry.leaf === null ? t('waits') : <span className="num">{String(entry.leaf)}</span>,
            },
          }))}
        />
      )}
      {next === null ? null : (
        <Pagination next={{ pathname: '/admin/audit', query: { ...asked, below: String(next) } }} />
      )}
    </div>
  )
}

/** States, versions and codes as they were written: they are nobody's words. */
function Facts({ facts }: { readonly facts: unknown }) {
  const known = Object.entries(typeof facts === 'object' && facts !== null ? facts : {})
  return known
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')
}
