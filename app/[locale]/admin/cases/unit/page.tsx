import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { AbsenceForm } from '#features/accounts/absences/absence-form.tsx'
import { allUnits } from '#features/areas/data.ts'
import {
  type Board,
  findBoardUnit,
  listSharedRows,
  MOST_IN_UNIT,
  readBoard,
  readUnitsOverview,
  type UnitLine,
} from '#features/cases/board/page-data.ts'
import { type BoardPeriod, PERIODS } from '#features/cases/board/rules.ts'
import { countQuickDecisions } from '#features/cases/proof/data.ts'
import { DecisionSpeeds } from '#features/cases/proof/decision-speeds.tsx'
import type { Work } from '#features/cases/work/rules.ts'
import { complaintsOfUnit } from '#features/lateness/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { asksForCode, requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { titled } from '#messages/page-title.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { boardStepUpAction, endAbsenceAction, markAbsentAction } from './actions.ts'
import { LoadPart } from './load-part.tsx'
import { type BoardQuery, boardRoute, readBoardQuery } from './query.ts'
import { SharePart } from './share-part.tsx'
import { ClocksPart, WorkPart } from './work-part.tsx'

export const access = 'unit:supervise' satisfies Access

export const generateMetadata = titled('unit', 'title')

export default async function UnitPage({ searchParams }: PageProps<'/[locale]/admin/cases/unit'>) {
  const staff = await requireStaff(access)
  const [sent, locale, t, all] = await Promise.all([
    searchParams,
    getLocale(),
    getTranslations('unit'),
    allUnits(),
  ])
  const [query, now] = [readBoardQuery(sent), new Date()]
  const names = new Map(all.map((unit) => [unit.id, locale === 'en' ? unit.nameEn : unit.nameVi]))
  const unitId = findBoardUnit(staff, query.unit)
  const periods = (
    <Tabs
      label={t('period')}
      tabs={PERIODS.map((period) => ({
        key: String(period),
        href: boardRoute({ ...query, period }),
        label: t('days', { days: period }),
        current: period === query.period,
      }))}
    />
  )
  if (unitId === null) {
    const units = await readUnitsOverview(staff, query.period, now)
    if (units === null) notFoundPage(locale)
    return (
      <div className="stack-l">
        <PageHeader title={t('title_city')} lead={t('lead_city', { days: query.period })}>
          {periods}
        </PageHeader>
        <Overview units={units} period={query.period} names={names} />
      </div>
    )
  }
  const board = await readBoard(staff, unitId, query.period, now)
  if (board === null) notFoundPage(locale)
  const [late, complaints] = await Promise.all([
    getTranslations('lateness'),
    complaintsOfUnit(staff, unitId, addMilliseconds(now, -30 * DAY)),
  ])
  return (
    <div className="stack-l" data-board={unitId}>
      <PageHeader
        title={t('title')}
        kicker={names.get(unitId) ?? unitId}
        lead={t('lead', { days: query.period })}
      >
        {query.unit === null ? null : (
          <p className="print-hidden">
            <Link href={boardRoute({ unit: null, period: query.period })}>{t('back')}</Link>
          </p>
        )}
        {periods}
      </PageHeader>
      {query.done ? (
        <DoneNotice title={t(query.done === 'absent' ? 'absence.marked' : 'absence.ended')} />
      ) : null}
      {query.shared ? <SharedPart staff={staff} submitKey={query.shared} /> : null}
      <BoardView staff={staff} board={board} query={query} names={names} now={now} />
      <p data-late-complaints={complaints.made}>
        <Link href="/admin/cases/late">{late('unitFigures', { ...complaints })}</Link>
      </p>
    </div>
  )
}

async function SharedPart({ staff, submitKey }: { readonly staff: StaffActor; readonly submitKey: string }) {
  const [t, rows] = await Promise.all([getTranslations('unit.share'), listSharedRows(staff, submitKey)])
  if (rows === null) return null
  const given = rows.filter((row) => row.given).length
  return (
    <section className="stack print-hidden" data-shared={given}>
      <div role="status">
        <Notice
          tone={given < rows.length ? 'wait' : 'ok'}
          title={t('done', { given, left: rows.length - given })}
        />
      </div>
      <Table
        caption={t('caption')}
        captionHidden
        phone="dense"
        columns={[
          { head: t('number'), cell: (row) => <span className="num">{row.number}</span> },
          { head: t('who'), cell: (row) => row.name },
          { head: t('result'), cell: (row) => t(row.given ? 'given' : 'not_given') },
        ]}
        rows={rows}
        keyOf={(row) => row.number}
        marks={(row) => ({ 'data-shared-case': row.number, 'data-given': row.given })}
      />
    </section>
  )
}

interface ViewProps {
  readonly staff: StaffActor
  readonly board: Board
  readonly query: BoardQuery
  readonly names: ReadonlyMap<string, string>
  readonly now: Instant
}

async function BoardView({ staff, board, query, names, now }: ViewProps) {
  const [t, speeds] = await Promise.all([getTranslations('unit'), countQuickDecisions(staff, now)])
  const few = (count: number) => (count >= MOST_IN_UNIT ? `${MOST_IN_UNIT}+` : count)
  const { load, total, people } = board
  const own = (speeds ?? []).filter(({ unitId }) => unitId === board.unitId)
  // Hidden fields with which the forms return to this board.
  const also = { ...(query.unit !== null && { unit: query.unit }), days: String(query.period) }
  return (
    <>
      <Figures
        items={[
          { key: 'open', value: few(load.open), label: t('open') },
          {
            key: 'overdue',
            value: few(load.overdue),
            label: t('overdue'),
            ...(load.overdue > 0 && { tone: 'bad' as const }),
          },
          { key: 'unassigned', value: few(load.unassigned), label: t('unassigned') },
          { key: 'approval', value: few(load.approval), label: t('approval') },
        ]}
      />
      {total.counts.returned > 0 ? (
        <Notice tone="info" title={t('returned', { count: total.counts.returned })} />
      ) : null}
      <div className="grid items-start gap-x-8 gap-y-10 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <LoadPart people={people} now={now} />
        <div className="stack min-w-0 print-hidden">
          <SharePart board={board} also={also} now={now} />
          <AbsencePart people={people} also={also} />
        </div>
      </div>
      <ClocksPart board={board} />
      <WorkPart board={board} period={query.period} />
      <ReasonsPart work={total} />
      {own.length === 0 ? null : <DecisionSpeeds speeds={own} areas={names} />}
      <Export board={board} also={also} />
    </>
  )
}

async function ReasonsPart({ work }: { readonly work: Work }) {
  const [t, codes] = await Promise.all([getTranslations('unit.reasons'), getTranslations('case-staff.code')])
  const rowsOf = (kind: 'asked_is' | 'rejected_is', counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([code, count]) => ({ kind, code, count }))
  const rows = [...rowsOf('rejected_is', work.rejected), ...rowsOf('asked_is', work.askedMore)]
  return (
    <section className="stack" id="reasons">
      <h2>{t('title')}</h2>
      {rows.length === 0 ? (
        <p className="text-soft">{t('none')}</p>
      ) : (
        <Table
          caption={t('caption')}
          captionHidden
          phone="scroll"
          columns={[
            { head: t('reason'), cell: ({ kind, code }) => t(kind, { reason: codes(code as 'other') }) },
            { head: t('count'), align: 'end', cell: ({ count }) => count },
          ]}
          rows={rows}
          keyOf={({ kind, code }) => `${kind} ${code}`}
          marks={({ code, count }) => ({ 'data-reason': code, 'data-count': count })}
        />
      )}
    </section>
  )
}

async function AbsencePart({
  people,
  also,
}: Pick<Board, 'people'> & { readonly also: Readonly<Record<string, string>> }) {
  const t = await getTranslations('unit')
  if (people.length === 0) return null
  return (
    <section className="card stack" id="absence">
      <h2>{t('absence.title')}</h2>
      <p>
        {t('absence.text')} {t('absence.hint')}
      </p>
      {people.map(({ id, name, absences }) => (
        <Details key={id} summary={t('absence.of', { name })}>
          <AbsenceForm
            mark={markAbsentAction}
            end={endAbsenceAction}
            accountId={id}
            absences={absences}
            also={also}
            name={name}
          />
        </Details>
      ))}
    </section>
  )
}

async function Export({ board, also }: { readonly board: Board; readonly also: Record<string, string> }) {
  const [t, lang, asks] = await Promise.all([getTranslations('unit'), getLocale(), asksForCode('file')])
  const search = new URLSearchParams({ ...also, unit: board.unitId, lang })
  return (
    <section className="card stack print-hidden" id="export">
      <h2>{t('export.title')}</h2>
      <p>{t('export.text')}</p>
      {asks ? (
        <ActionForm action={boardStepUpAction} scope="export-code" className="stack">
          <p>{t('export.ask')}</p>
          {Object.entries(also).map(([name, value]) => (
            <HiddenField key={name} name={name} value={value} />
          ))}
          <StepUpField kind="file" />
          <p className="actions">
            <SubmitButton look="quiet">{t('export.go_on')}</SubmitButton>
          </p>
        </ActionForm>
      ) : (
        <p className="actions">
          <a className="button" data-look="quiet" href={`/api/cases/unit?${search}`} download>
            {t('export.download')}
          </a>
        </p>
      )}
      <PrintButton>{t('print')}</PrintButton>
    </section>
  )
}

async function Overview({
  units,
  period,
  names,
}: {
  readonly units: readonly UnitLine[]
  readonly period: BoardPeriod
  readonly names: ReadonlyMap<string, string>
}) {
  const t = await getTranslations('unit')
  const few = (count: number) => (count >= MOST_IN_UNIT ? `${MOST_IN_UNIT}+` : count)
  const of = (part: number, late: number) =>
    part + late === 0 ? '–' : t('work.of', { part, all: part + late })
  return (
    <Table
      caption={t('units.caption')}
      captionHidden
      phone="scroll"
      columns={[
        {
          head: t('units.unit'),
          cell: ({ unitId }) => (
            <Link href={boardRoute({ unit: unitId, period })}>{names.get(unitId) ?? unitId}</Link>
          ),
        },
        { head: t('units.open'), align: 'end', cell: ({ open }) => few(open) },
        {
          head: t('units.overdue'),
          align: 'end',
          cell: ({ overdue }) => (overdue > 0 ? <b className="text-red">{few(overdue)}</b> : 0),
        },
        { head: t('units.unassigned'), align: 'end', cell: ({ unassigned }) => few(unassigned) },
        { head: t('units.approval'), align: 'end', cell: ({ approval }) => few(approval) },
        {
          head: t('units.first'),
          align: 'end',
          cell: ({ work: { counts } }) => of(counts.first_on_time, counts.first_late),
        },
        {
          head: t('units.decided'),
          align: 'end',
          cell: ({ work: { counts } }) => of(counts.decided_on_time, counts.decided_late),
        },
      ]}
      rows={units}
      keyOf={({ unitId }) => unitId}
      marks={({ unitId, open }) => ({ 'data-unit': unitId, 'data-open': open })}
    />
  )
}
