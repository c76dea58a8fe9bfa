import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { allUnits, knownAreas } from '#features/areas/queries.ts'
import { CarriersTable } from '#features/cases/components/carriers-table.tsx'
import { CaseFacts } from '#features/cases/components/case-facts.tsx'
import { HistoryTable } from '#features/cases/components/case-history.tsx'
import { SheetHead, Signatures } from '#features/cases/components/sheet.tsx'
import { caseFile } from '#features/cases/queries/case-file.ts'
import { evidenceOf } from '#features/evidence/queries.ts'
import { filesByEvent } from '#features/evidence/rules/item.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath } from '#messages/paths.ts'
import { nameOf } from '../../../name-of.ts'

export const access = 'case:read' satisfies Access

interface Props {
  readonly params: Promise<{ number: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations('case-staff')])
  return { title: `${t('sheet.title')} ${decodeURIComponent(number)}` }
}

/** Renders the file for paper: A4, black ink, no buttons, a place for two to sign. The browser prints it. */
export default async function PrintedFilePage({ params }: Props) {
  const staff = await requireStaff(access)
  const [{ number }, locale, t, e, d] = await Promise.all([
    params,
    getLocale(),
    getTranslations('case-staff'),
    getTranslations('evidence'),
    getTranslations('disclosure'),
  ])
  const now = new Date()
  const view = await caseFile(staff, decodeURIComponent(number), now)
  if (!view) redirect(missingPath(locale))
  const [files, all, places] = await Promise.all([
    evidenceOf(view.scope, view.snapshot.id, view.openUntil !== null),
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
    <div className="stack">
      <div className="print-hidden flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <Link href={{ pathname: '/admin/cases/[number]', params: { number: snapshot.number } }}>
          {t('sheet.back')}
        </Link>
        <p className="text-soft">{t('sheet.how')}</p>
        {view.openUntil ? null : <p>{d('print_closed')}</p>}
      </div>
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
    </div>
  )
}
