import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { objectionsAgainst, objectionsDeletedAt } from '#features/disputes/objections/queue-data.ts'
import { WAITING } from '#features/disputes/objections/rules.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

export async function ObjectionFlags({
  scope,
  snapshot,
  now,
}: {
  readonly scope: CaseScope
  readonly snapshot: CaseSnapshot
  readonly now: Instant
}) {
  const [t, locale, found, deletedAt] = await Promise.all([
    getTranslations('case-staff.flags'),
    getLocale(),
    objectionsAgainst(scope, snapshot.id),
    objectionsDeletedAt(snapshot, now),
  ])
  const reviewed = found.filter(({ state, hearingUntil }) => state === 'granted' && hearingUntil !== null)
  const waiting = [...reviewed, ...found.filter(({ state }) => WAITING.includes(state))]
  const deleted =
    deletedAt === null ? null : (
      <p data-objections-deleted>
        {t('objections_deleted', { date: formatInstant(locale, deletedAt, 'date') })}
      </p>
    )
  if (waiting.length === 0) return deleted
  const of = reviewed.length > 0 ? 'review' : 'objection'
  return (
    <Notice title={t(of)}>
      <p>{t(`${of}_text`)}</p>
      <ul>
        {waiting.map(({ number }) => (
          <li key={number}>
            <Link
              className="num"
              href={{ pathname: '/admin/objections/[objection]', params: { objection: number } }}
            >
              {number}
            </Link>
          </li>
        ))}
      </ul>
      {deleted}
    </Notice>
  )
}
