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

/** So many sides stand beside each other, each with its pictures and form; the others are a link away. */
const SIDES_AT_ONCE = 4

/** Returns which of the sides a page shows, as its address asks; the first where it asks for none that there is. */
function sidesShown({ sides }: Query, all: number) {
  const pages = Math.ceil(all / SIDES_AT_ONCE)
  const asked = Number(sides ?? 1)
  const page = Number.isInteger(asked) && asked >= 1 && asked <= pages ? asked : 1
  const from = (page - 1) * SIDES_AT_ONCE
  return { page, pages, from, to: Math.min(all, from + SIDES_AT_ONCE) }
}

/** Renders every side of a held conflict, the earliest report first: the proofs beside each other, then what each says. */
export async function Conflict({ reader, now, view, areas, settles, query }: ConflictProps) {
  const [t, locale] = await Promise.all([getTranslations('case-staff.page'), getLocale()])
  const all = [{ snapshot: view.snapshot, file: view }, ...(await loadConflictingCases(reader, view, now))]
  const shown = sidesShown(query, all.length)
  const sides = await Promise.all(
    all
      .toSorted((a, b) => a.snapshot.submittedAt.getTime() - b.snapshot.submittedAt.getTime())
      .slice(shown.from, shown.to)
      .map(async (side, at) => ({
        ...side,
        label: t('side', {
          place: shown.from + at + 1,
          time: formatInstant(locale, side.snapshot.submittedAt, 'moment'),
        }),
        area: areas.get(side.snapshot.areaId) ?? null,
        reading: await readingOf(view.scope, side.snapshot.id, side.file),
      })),
  )
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
      {shown.pages > 1 ? (
        <p className="flex flex-wrap justify-center gap-x-5">
          {shown.page > 1 ? <a href={`?sides=${shown.page - 1}`}>{t('sides_before')}</a> : null}
          <span className="num">
            {t('sides_shown', { from: shown.from + 1, to: shown.to, all: all.length })}
          </span>
          {shown.page < shown.pages ? <a href={`?sides=${shown.page + 1}`}>{t('sides_after')}</a> : null}
        </p>
      ) : null}
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
