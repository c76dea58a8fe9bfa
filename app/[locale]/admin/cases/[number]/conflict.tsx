import { getTranslations } from 'next-intl/server'
import { FactsCompared } from '#components/case/facts-compared.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import type { StaffReader } from '#domain/access/actor.ts'
import type { Instant } from '#domain/time.ts'
import { type CaseFileView, rivals } from '#server/cases/loaders/case-file.ts'
import { Evidence } from './evidence.tsx'

interface ConflictProps {
  readonly reader: StaffReader
  readonly now: Instant
  readonly view: CaseFileView
  readonly areas: ReadonlyMap<string, string>
}

/** Both sides of a held conflict, for those who settle it: the proofs beside each other, then what each says. */
export async function Conflict({ reader, now, view, areas }: ConflictProps) {
  const t = await getTranslations('case-staff.page')
  const both = [{ snapshot: view.snapshot, file: view }, ...(await rivals(reader, view, now))]
  const sides = both
    // The one with the primary claim is the first side, as the buttons name it.
    .toSorted((a, b) => Number(b.snapshot.primaryClaim) - Number(a.snapshot.primaryClaim))
    .map((side) => ({
      ...side,
      label: side.snapshot.primaryClaim ? t('first') : t('second'),
      area: areas.get(side.snapshot.areaId) ?? null,
    }))
  return (
    <div className="stack">
      <div className="grid gap-4 md:grid-cols-2">
        {sides.map(({ snapshot, file, label }) => (
          <Card key={snapshot.id} className="stack min-w-0" data-case-number={snapshot.number}>
            <h2>
              <span className="block text-[0.88rem] font-normal text-soft">{label}</span>
              <Link
                className="num"
                href={{ pathname: '/admin/cases/[number]', params: { number: snapshot.number } }}
              >
                {snapshot.number}
              </Link>
            </h2>
            <Evidence scope={view.scope} caseId={snapshot.id} opened={file.openUntil !== null} />
          </Card>
        ))}
      </div>
      <Card>
        <h2>{t('facts_compared')}</h2>
        <FactsCompared sides={sides} />
      </Card>
    </div>
  )
}
