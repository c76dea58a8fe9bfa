import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { objectionsAgainst } from '#features/disputes/objections/queue-data.ts'
import { WAITING } from '#features/disputes/objections/rules.ts'
import type { CaseScope } from '#lib/access/scope.ts'

export async function ObjectionFlags({
  scope,
  caseId,
}: {
  readonly scope: CaseScope
  readonly caseId: string
}) {
  const [t, found] = await Promise.all([
    getTranslations('case-staff.flags'),
    objectionsAgainst(scope, caseId),
  ])
  const reviewed = found.filter(({ state, hearingUntil }) => state === 'granted' && hearingUntil !== null)
  const waiting = [...reviewed, ...found.filter(({ state }) => WAITING.includes(state))]
  if (waiting.length === 0) return null
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
    </Notice>
  )
}
