import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { FactsCompared } from '#features/cases/conflict/facts-compared.tsx'
import type { UpholdSide } from '#features/cases/conflict/uphold-form.tsx'
import { CaseHistory } from '#features/cases/file/case-history.tsx'
import { type CaseFileView, type ConflictSide, loadConflictingCases } from '#features/cases/file/page-data.ts'
import { isBlocked } from '#features/cases/moves/rules.ts'
import { claimOf } from '#features/cases/proof/checklist.tsx'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { namedState } from '#features/cases/record/state-rules.ts'
import { hearingState } from '#features/disputes/sides/rules.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { filesByEvent } from '#features/evidence/files/rules.ts'
import type { ProofReading } from '#features/evidence/readings/rules.ts'
import type { PageQuery } from '#features/evidence/viewer/rules.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { languageOf } from '#messages/ready-text.ts'
import { comparedWith, Evidence, readingOf } from './evidence.tsx'

type Names = ReadonlyMap<string, string>

interface ShownSide extends ConflictSide {
  /** Position from 1, by the time of the report. */
  readonly place: number
  readonly label: string
  readonly area: string | null
  readonly reading: ProofReading
  readonly files: Awaited<ReturnType<typeof listEvidence>>
}

/** The conflict's sides on the current page, the earliest report first, and the page count. */
interface ShownConflict {
  readonly sides: readonly ShownSide[]
  readonly all: readonly ConflictSide[]
  readonly page: number
  readonly pages: number
}

/** The maximum number of sides on a page, each with pictures and form; the others are a link away. */
const SIDES_AT_ONCE = 4

/** Returns the sides on the page that the address names; the first page if it names none that exists. */
function sidesShown({ sides }: PageQuery, all: number) {
  const pages = Math.ceil(all / SIDES_AT_ONCE)
  const asked = Number(sides ?? 1)
  const page = Number.isInteger(asked) && asked >= 1 && asked <= pages ? asked : 1
  return { page, pages, from: (page - 1) * SIDES_AT_ONCE }
}

export async function conflictOf(
  reader: StaffReader,
  view: CaseFileView,
  areas: Names,
  query: PageQuery,
  now: Instant,
): Promise<ShownConflict> {
  const [t, locale] = await Promise.all([getTranslations('case-staff.page'), getLocale()])
  const here = { snapshot: view.snapshot, file: view, names: view.names }
  const all = [here, ...(await loadConflictingCases(reader, view, now))].toSorted(
    (a, b) => a.snapshot.submittedAt.getTime() - b.snapshot.submittedAt.getTime(),
  )
  const { page, pages, from } = sidesShown(query, all.length)
  const sides = await Promise.all(
    all.slice(from, from + SIDES_AT_ONCE).map(async (side, at) => ({
      ...side,
      place: from + at + 1,
      label: t('side', {
        place: from + at + 1,
        time: formatInstant(locale, side.snapshot.submittedAt, 'moment'),
      }),
      area: areas.get(side.snapshot.areaId) ?? null,
      reading: await readingOf(view.scope, side.snapshot.id, side.file),
      files: await listEvidence(view.scope, side.snapshot.id, side.file.openUntil !== null),
    })),
  )
  return { sides, all, page, pages }
}

export const upholdSides = ({ sides, all }: ShownConflict): readonly UpholdSide[] =>
  sides.map(({ snapshot, file, place, reading, files }) => ({
    number: snapshot.number,
    place,
    claim: { ...claimOf(file), ...comparedWith(files, reading) },
    readers: all
      .filter((other) => other.snapshot.id !== snapshot.id)
      .map((other) => languageOf(other.file.locale)),
    further: all.flatMap((other, at) => {
      const own = (key: string) => file.imeis.some(({ key14 }) => key14 === key)
      const rest = other.file.imeis.filter(({ key14 }) => !own(key14))
      // A side about another phone of this conflict does not lose to this one.
      const isAgainst = rest.length < other.file.imeis.length
      return other.snapshot.id === snapshot.id || !isAgainst || rest.length === 0
        ? []
        : [
            {
              number: other.snapshot.number,
              place: at + 1,
              ends: rest.map(({ imei }) => imei.slice(-4)).join(', '),
            },
          ]
    }),
  }))

interface ConflictProps {
  readonly view: CaseFileView
  readonly conflict: ShownConflict
  readonly units: Names
  readonly query: PageQuery
  readonly now: Instant
}

export async function Conflict({ view, conflict, units, query, now }: ConflictProps) {
  const [t, locale] = await Promise.all([getTranslations('case-staff'), getLocale()])
  const { sides } = conflict
  return (
    <>
      {view.judgedOther ? (
        <Notice>
          <p data-judged-other>{t('page.judged_other')}</p>
        </Notice>
      ) : null}
      {view.heard ? null : (
        <Notice>
          <p data-hearing>{t('page.sides_wait')}</p>
        </Notice>
      )}
      <Card>
        <h2>{t('page.facts_compared')}</h2>
        {/* Each side's time is on its card below; on a phone it would be repeated with every fact. */}
        <FactsCompared
          sides={sides.map((side) => ({ ...side, label: t('uphold.tab', { place: side.place }) }))}
        />
      </Card>
      <div className="sides">
        {sides.map(({ snapshot, file, files, label, reading }, at) => (
          <Card key={snapshot.id} className="stack min-w-0" data-case-number={snapshot.number}>
            <h2>
              <span className="side-label">{label}</span>
              <Link
                className="num"
                href={{ pathname: '/admin/cases/[number]', params: { number: snapshot.number } }}
              >
                {snapshot.number}
              </Link>{' '}
              <Tag>{t(`state.${namedState(snapshot)}`)}</Tag>
            </h2>
            <Standing snapshot={snapshot} now={now} />
            {file.filesDeletedAt === null || files.length > 0 ? null : (
              <p data-files-deleted>
                {t('page.files_deleted', { date: formatInstant(locale, file.filesDeletedAt, 'date') })}
              </p>
            )}
            <Evidence
              scope={view.scope}
              caseId={snapshot.id}
              opened={file.openUntil !== null}
              reading={reading}
              claimed={file.imeis}
              query={query}
              keys={at === 0}
            />
          </Card>
        ))}
      </div>
      <OtherSides conflict={conflict} />
      <Card>
        <h2>{t('uphold.history')}</h2>
        <div className="sides">
          {sides.map((side) => (
            <SideHistory key={side.snapshot.id} side={side} view={view} units={units} />
          ))}
        </div>
      </Card>
    </>
  )
}

async function OtherSides({ conflict: { sides, all, page, pages } }: Pick<ConflictProps, 'conflict'>) {
  const t = await getTranslations('case-staff.page')
  if (pages < 2) return null
  return (
    <p className="flex flex-wrap justify-center gap-x-5">
      {page > 1 ? <a href={`?sides=${page - 1}`}>{t('sides_before')}</a> : null}
      <span className="num">
        {t('sides_shown', { from: sides[0]?.place ?? 1, to: sides.at(-1)?.place ?? 1, all: all.length })}
      </span>
      {page < pages ? <a href={`?sides=${page + 1}`}>{t('sides_after')}</a> : null}
    </p>
  )
}

async function SideHistory({
  side: { snapshot, file, names, label },
  view,
  units,
}: Pick<ConflictProps, 'view' | 'units'> & { readonly side: ShownSide }) {
  const files = filesByEvent(await listEvidence(view.scope, snapshot.id, false))
  return (
    <section className="min-w-0">
      <h3>
        <span className="side-label">{label}</span> <span className="num">{snapshot.number}</span>
      </h3>
      <CaseHistory events={file.events} names={names} areas={units} files={files} />
    </section>
  )
}

/** Shows whether a side was heard, and earlier decisions on it: its block, a refusal under appeal, a block that passed to it. */
async function Standing({ snapshot, now }: { readonly snapshot: CaseSnapshot; readonly now: Instant }) {
  const [t, locale] = await Promise.all([getTranslations('case-staff.page'), getLocale()])
  const moment = (at: Instant | null) => at && formatInstant(locale, at, 'moment')
  const hearing = {
    none: [],
    open: [t('side_hears', { time: moment(snapshot.hearingUntil) ?? '' })],
    answered: [t('side_heard', { time: moment(snapshot.answeredAt) ?? '' })],
    over: [t('side_silent')],
  }[hearingState(snapshot, now)]
  const said = [
    ...hearing,
    isBlocked(snapshot) ? t('side_blocked') : t('side_not_blocked'),
    ...(snapshot.appealedAt
      ? [t('side_appealed', { time: formatInstant(locale, snapshot.appealedAt, 'moment') })]
      : []),
  ]
  return (
    <ul>
      {said.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  )
}
