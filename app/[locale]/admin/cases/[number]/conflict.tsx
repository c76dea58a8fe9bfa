import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { claimOf } from '#features/cases/components/checklist.tsx'
import { FactsCompared } from '#features/cases/components/facts-compared.tsx'
import { UpholdForm } from '#features/cases/components/uphold-form.tsx'
import { type CaseFileView, loadConflictingCases } from '#features/cases/queries/case-file.ts'
import { isBlocked } from '#features/cases/rules/moves.ts'
import type { CaseSnapshot } from '#features/cases/rules/snapshot.ts'
import type { Query } from '#features/evidence/rules/choice.ts'
import type { ProofReading } from '#features/evidence/rules/reading.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { decideAction } from './actions.ts'
import { Evidence, readingOf } from './evidence.tsx'

interface ConflictProps {
  readonly reader: StaffReader
  readonly now: Instant
  readonly view: CaseFileView
  readonly areas: ReadonlyMap<string, string>
  /** The reader may uphold one of them. */
  readonly settles: boolean
  readonly query: Query
}

const NOT_READ: ProofReading = { hint: null, files: [], others: [] }

/** Renders every side of a held conflict, the earliest report first: the proofs beside each other, then what each says. */
export async function Conflict({ reader, now, view, areas, settles, query }: ConflictProps) {
  const [t, locale] = await Promise.all([getTranslations('case-staff.page'), getLocale()])
  const all = [{ snapshot: view.snapshot, file: view }, ...(await loadConflictingCases(reader, view, now))]
  const readings = new Map(
    await Promise.all(
      all.map(async ({ snapshot: { id }, file }) => [id, await readingOf(view.scope, id, file)] as const),
    ),
  )
  const sides = all
    .toSorted((a, b) => a.snapshot.submittedAt.getTime() - b.snapshot.submittedAt.getTime())
    .map((side, at) => ({
      ...side,
      label: t('side', { place: at + 1, time: formatInstant(locale, side.snapshot.submittedAt, 'moment') }),
      area: areas.get(side.snapshot.areaId) ?? null,
      reading: readings.get(side.snapshot.id) ?? NOT_READ,
    }))
  return (
    <div className="stack">
      {view.judgedOther ? (
        <Notice>
          <p data-judged-other>{t('judged_other')}</p>
        </Notice>
      ) : null}
      <div className="grid gap-4 md:grid-cols-2">
        {sides.map(({ snapshot, file, label, reading }, at) => (
          <Card key={snapshot.id} className="stack min-w-0" data-case-number={snapshot.number}>
            <h2>
              <span className="block text-sm font-normal text-soft">{label}</span>
              <Link
                className="num"
                href={{ pathname: '/admin/cases/[number]', params: { number: snapshot.number } }}
              >
                {snapshot.number}
              </Link>
            </h2>
            <Standing snapshot={snapshot} />
            <Evidence
              scope={view.scope}
              caseId={snapshot.id}
              opened={file.openUntil !== null}
              reading={reading}
              claimed={file.imeis}
              query={query}
              keys={at === 0}
            />
            {settles ? (
              <div className="border-t border-line pt-4">
                <UpholdForm
                  action={decideAction}
                  number={view.snapshot.number}
                  version={view.snapshot.version}
                  upheld={snapshot.number}
                  claim={{ ...claimOf(file), read: reading.hint }}
                  code={<StepUpField kind="decision" />}
                />
              </div>
            ) : null}
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

/** Shows what was decided on a side before: its block, a refusal under appeal, a passed block. */
async function Standing({ snapshot }: { readonly snapshot: CaseSnapshot }) {
  const [t, locale] = await Promise.all([getTranslations('case-staff.page'), getLocale()])
  const said = [
    isBlocked(snapshot) ? t('side_blocked') : t('side_not_blocked'),
    ...(snapshot.appealedAt
      ? [t('side_appealed', { time: formatInstant(locale, snapshot.appealedAt, 'moment') })]
      : []),
  ]
  return (
    <ul className="text-sm">
      {said.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  )
}
