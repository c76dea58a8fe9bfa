import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { namesOf } from '#server/accounts/loaders.ts'
import type { AuditEntry } from '#server/audit/loaders.ts'

/** Lines of the log; each leads to its own page, to the person and to the subject. */
export async function EntryTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const [t, names] = await Promise.all([
    getTranslations('audit'),
    namesOf(entries.flatMap(({ actorId }) => actorId ?? [])),
  ])
  return (
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
          at: (
            <Link href={{ pathname: '/admin/audit/entries/[entry]', params: { entry: String(entry.id) } }}>
              <Time at={entry.at} />
            </Link>
          ),
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
          facts: factsText(entry.facts),
          leaf: entry.leaf === null ? t('waits') : <span className="num">{String(entry.leaf)}</span>,
        },
      }))}
    />
  )
}

/** States, versions and codes as they were written: they are nobody's words. */
export const factsText = (facts: unknown): string =>
  Object.entries(typeof facts === 'object' && facts !== null ? facts : {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')
