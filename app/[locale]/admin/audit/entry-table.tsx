import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { peopleOf } from '#features/accounts/data.ts'
import type { ListedEntry } from '#features/audit/entries/data.ts'
import { writtenFacts } from '#features/audit/entries/rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import { isUuid } from '#lib/uuid.ts'
import { logWords } from '#messages/log-words.ts'

export async function EntryTable({ entries }: { readonly entries: readonly ListedEntry[] }) {
  const [t, words, people] = await Promise.all([
    getTranslations('audit'),
    logWords(),
    peopleOf(entries.flatMap(({ actorId }) => actorId ?? [])),
  ])
  return (
    <Table
      caption={t('list')}
      captionHidden
      columns={[
        {
          head: t('at'),
          cell: (entry) => (
            <Link href={{ pathname: '/admin/audit/entries/[entry]', params: { entry: String(entry.id) } }}>
              <Time at={entry.at} form="stamp" />
            </Link>
          ),
        },
        { head: t('act'), cell: (entry) => <Act code={entry.act} words={words.act(entry.act)} /> },
        {
          head: t('actor'),
          cell: (entry) => <EntryActor entry={entry} person={people.get(entry.actorId ?? '')} />,
        },
        {
          head: t('subject'),
          cell: (entry) => (
            <Link
              href={{
                pathname: '/admin/audit',
                query: { kind: entry.subjectKind, subject: entry.subjectId },
              }}
            >
              {words.noun(entry.subjectKind)}{' '}
              {isUuid(entry.subjectId) ? entry.subjectId.slice(0, 8) : entry.subjectId}
            </Link>
          ),
        },
        {
          head: t('facts'),
          phone: 'below',
          cell: (entry) => <EntryFacts facts={entry.facts} say={words.fact} inTable />,
        },
        {
          head: t('leaf'),
          align: 'end',
          cell: (entry) =>
            entry.leaf === null ? t('waits') : <span className="num">{String(entry.leaf)}</span>,
        },
      ]}
      rows={entries}
      keyOf={(entry) => String(entry.id)}
      marks={(entry) => ({ 'data-audit-entry': String(entry.id), 'data-act': entry.act })}
    />
  )
}

export const Act = ({ code, words }: { readonly code: string; readonly words: string }) => (
  <span>
    {words}
    {words === code ? null : <code className="block text-xs text-soft">{code}</code>}
  </span>
)

export async function EntryActor({
  entry: { actorKind, actorId },
  person,
}: {
  readonly entry: { readonly actorKind: string; readonly actorId: string | null }
  readonly person: { readonly name: string; readonly role: StaffRole } | undefined
}) {
  const [t, role] = await Promise.all([getTranslations('audit'), getTranslations('admin.role')])
  if (actorKind !== 'staff' || actorId === null)
    return actorKind === 'carrier' || actorKind === 'receiver'
      ? `${t(`kind.${actorKind}`)} ${actorId ?? ''}`
      : t(`kind.${actorKind as 'system'}`)
  return (
    <span>
      <Link href={{ pathname: '/admin/audit', query: { actor: actorId } }}>{person?.name ?? actorId}</Link>
      {person ? (
        <span className="block text-sm text-soft" data-actor-role={person.role}>
          {role(person.role)}
        </span>
      ) : null}
    </span>
  )
}

export function EntryFacts({
  facts,
  say,
  inTable = false,
}: {
  readonly facts: unknown
  readonly say: (name: string, value: unknown) => string
  readonly inTable?: boolean
}) {
  const written = writtenFacts(facts, inTable)
  if (written.length === 0) return null
  return (
    <span className="wrap-anywhere">
      {written.map(([name, value]) => say(name, value)).join('; ')}
      <code className="block text-xs text-soft">
        {written.map(([name, value]) => `${name}: ${String(value)}`).join(', ')}
      </code>
    </span>
  )
}
