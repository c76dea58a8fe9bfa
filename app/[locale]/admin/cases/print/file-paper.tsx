import { getLocale, getTranslations } from 'next-intl/server'
import { allUnits, knownAreas } from '#features/areas/data.ts'
import { CaseFacts } from '#features/cases/file/case-facts.tsx'
import { HistoryTable } from '#features/cases/file/case-history.tsx'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import { SheetHead, Signatures } from '#features/cases/file/sheet.tsx'
import { CarriersTable } from '#features/cases/standing/carriers-table.tsx'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { filesByEvent } from '#features/evidence/files/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { nameOf } from '../../name-of.ts'

interface FilePaperProps {
  readonly staff: StaffActor
  readonly view: CaseFileView
  readonly now: Instant
}

/** Renders a file for paper: A4, black ink, no buttons, a place for two to sign. */
export async function FilePaper({ staff, view, now }: FilePaperProps) {
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
    await nameOf(all, snapshot.unitId),
    await nameOf([...places.values()], snapshot.areaId),
  ]
  return (
    <article className="sheet">
      <SheetHead
        area={unit}
        number={snapshot.number}
        state={snapshot.state}
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
          <CarriersTable carriers={view.carriers} now={now} onPaper />
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
