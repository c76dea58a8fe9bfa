import { getTranslations } from 'next-intl/server'
import { CaseFacts } from '#components/case/case-facts.tsx'
import { Link } from '#components/ui/link.tsx'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { type CaseFileView, rivals } from '#server/cases/loaders/case-file.ts'
import { Evidence } from './evidence.tsx'

interface ConflictProps {
  readonly view: CaseFileView
  readonly staff: StaffActor
  readonly areas: ReadonlyMap<string, string>
}

/** Both sides of a held conflict beside each other, for those who settle it; for others, who does. */
export async function Conflict({ view, staff, areas }: ConflictProps) {
  if (view.snapshot.held !== 'conflict') return null
  const t = await getTranslations('case-staff.page')
  if (!may(staff.role, 'case:resolve_conflict')) return <p>{t('conflict_wait')}</p>
  const sides = [{ snapshot: view.snapshot, file: view }, ...(await rivals(view))]
  // The one with the primary claim is the first side, as the buttons name it.
  const ordered = sides.toSorted((a, b) => Number(b.snapshot.primaryClaim) - Number(a.snapshot.primaryClaim))
  return (
    <section className="stack">
      <h2>{t('conflict')}</h2>
      <p>{t('conflict_text')}</p>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        {ordered.map(({ snapshot, file }) => (
          <article key={snapshot.id} className="stack min-w-0" data-case-number={snapshot.number}>
            <h3>
              {snapshot.primaryClaim ? t('first') : t('second')}
              {': '}
              <Link
                className="num"
                href={{ pathname: '/admin/cases/[number]', params: { number: snapshot.number } }}
              >
                {snapshot.number}
              </Link>
            </h3>
            <Evidence scope={view.scope} caseId={snapshot.id} />
            <CaseFacts
              file={file}
              snapshot={snapshot}
              area={areas.get(snapshot.areaId) ?? null}
              heading="h4"
            />
          </article>
        ))}
      </div>
    </section>
  )
}
