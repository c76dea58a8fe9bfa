import { getLocale, getTranslations } from 'next-intl/server'
import { allUnits, knownAreas } from '#features/areas/data.ts'
import { CaseFacts } from '#features/cases/file/case-facts.tsx'
import { HistoryTable } from '#features/cases/file/case-history.tsx'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import { namedState } from '#features/cases/record/state-rules.ts'
import { CarriersTable } from '#features/cases/standing/carriers-table.tsx'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { filesByEvent } from '#features/evidence/files/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { cityWords } from '#messages/city.ts'
import { formatInstant } from '#messages/dates.ts'
import { nameStaff } from '../../name-of.ts'

/** Renders a file for paper: A4, black ink, no buttons, room for two signatures. */
export async function FilePaper({
  staff,
  view,
  now,
}: {
  readonly staff: StaffActor
  readonly view: CaseFileView
  readonly now: Instant
}) {
  const [locale, t, e] = await Promise.all([
    getLocale(),
    getTranslations('case-staff'),
    getTranslations('evidence'),
  ])
  const [files, all, places] = await Promise.all([
    listEvidence(view.scope, view.snapshot.id, view.openUntil !== null),
    allUnits(),
    knownAreas(),
  ])
  const units = new Map(all.map((one) => [one.id, locale === 'en' ? one.nameEn : one.nameVi]))
  const { snapshot } = view
  const [unit, area] = [
    await nameStaff(all, snapshot.unitId),
    await nameStaff([...places.values()], snapshot.areaId),
  ]
  return (
    <article className="sheet">
      <SheetHead
        area={unit}
        number={snapshot.number}
        state={namedState(snapshot)}
        printed={t('page.printed', { time: formatInstant(locale, now, 'moment'), name: staff.name })}
      />
      <CaseFacts file={view} snapshot={snapshot} area={area} />
      <section>
        <h2>
          {t('page.evidence')} ({t('page.files', { count: files.length })})
        </h2>
        {view.filesDeletedAt === null || files.length > 0 ? null : (
          <p>{t('page.files_deleted', { date: formatInstant(locale, view.filesDeletedAt, 'date') })}</p>
        )}
        <ul className="list-disc pl-5">
          {files.map((file) => (
            <li key={file.id}>
              {e(`short.${file.kind}`)}
              {file.fileName === null ? null : `: ${file.fileName}`} (
              {formatInstant(locale, file.createdAt, 'moment')})
            </li>
          ))}
        </ul>
      </section>
      {view.carriers.length > 0 ? (
        <section>
          <h2>{t('page.carriers')}</h2>
          <CarriersTable carriers={view.carriers} watched={snapshot.watchUntil !== null} now={now} onPaper />
        </section>
      ) : null}
      <section>
        <h2>{t('page.history')}</h2>
        <HistoryTable
          heads={{
            title: t('page.history'),
            at: t('sheet.at'),
            move: t('sheet.move'),
            who: t('sheet.who'),
          }}
          events={view.events}
          names={view.names}
          areas={units}
          files={filesByEvent(files)}
        />
      </section>
      <Signatures />
    </article>
  )
}

async function SheetHead({
  area,
  number,
  state,
  printed,
}: {
  readonly area: string | null
  readonly number: string
  readonly state: ReturnType<typeof namedState>
  readonly printed: string
}) {
  const [t, paper, locale] = await Promise.all([
    getTranslations('case-staff'),
    getTranslations('report.paper'),
    getLocale(),
  ])
  return (
    <header>
      <div className="sheet-office">
        <p>
          {cityWords(locale).police.toLocaleUpperCase(locale)}
          {area === null ? null : <b>{t('sheet.area', { area })}</b>}
        </p>
        <p>
          {paper('republic')}
          <b>{paper('motto')}</b>
        </p>
      </div>
      <h1>
        {t('sheet.title')} <span className="num">{number}</span>
      </h1>
      <p className="sheet-printed">
        {t(`state.${state}`)}. {printed}.
      </p>
    </header>
  )
}

/** Renders the signature fields of the verifying and the approving person, who are never the same. */
async function Signatures() {
  const t = await getTranslations('case-staff.sheet')
  return (
    <div className="sheet-signatures">
      {(['verified_by', 'approved_by'] as const).map((key) => (
        <div key={key}>
          <b>{t(key)}</b>
          <p>{t('sign')}</p>
        </div>
      ))}
    </div>
  )
}
