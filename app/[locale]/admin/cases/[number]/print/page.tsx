import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { CarrierTable } from '#components/case/carrier-table.tsx'
import { CaseFacts } from '#components/case/case-facts.tsx'
import { CaseHistory } from '#components/case/case-history.tsx'
import { Link } from '#components/ui/link.tsx'
import { formatInstant } from '#messages/dates.ts'
import { missingPath } from '#messages/paths.ts'
import { caseFile } from '#server/cases/loaders/case-file.ts'
import { requireStaff } from '#server/entry/session.ts'
import { evidenceOf } from '#server/evidence/loaders.ts'
import { policeAreas } from '#server/reference/loaders.ts'

interface Props {
  readonly params: Promise<{ number: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations('case-staff')])
  return { title: t('page.title', { number: decodeURIComponent(number) }) }
}

/** The file for paper: everything in one column, no buttons, a place to sign. The browser prints it. */
export default async function PrintedFilePage({ params }: Props) {
  const staff = await requireStaff('case:read')
  const [{ number }, locale, t, e] = await Promise.all([
    params,
    getLocale(),
    getTranslations('case-staff'),
    getTranslations('evidence'),
  ])
  const view = await caseFile(staff, decodeURIComponent(number))
  if (!view) redirect(missingPath(locale))
  const [files, all] = await Promise.all([evidenceOf(view.scope, view.snapshot.id), policeAreas()])
  const areas = new Map(all.map((area) => [area.id, locale === 'en' ? area.nameEn : area.nameVi]))
  const { snapshot } = view
  return (
    <article className="stack max-w-[48rem]">
      <p className="print-hidden">
        <Link href={{ pathname: '/admin/cases/[number]', params: { number: snapshot.number } }}>
          {t('page.title', { number: snapshot.number })}
        </Link>
      </p>
      <h1>{t('page.title', { number: snapshot.number })}</h1>
      <p>
        {t(`state.${snapshot.state}`)}
        {'. '}
        {t('page.printed', { time: formatInstant(locale, new Date(), 'moment'), name: staff.name })}
      </p>
      <CaseFacts file={view} snapshot={snapshot} area={areas.get(snapshot.areaId) ?? null} />
      <section className="stack">
        <h2>{t('page.evidence')}</h2>
        <ul className="prose list-disc pl-5">
          {files.map((file) => (
            <li key={file.id}>
              {e(`short.${file.kind}`)}
              {': '}
              {file.fileName ?? e('list.unnamed')} ({formatInstant(locale, file.createdAt, 'moment')})
            </li>
          ))}
        </ul>
        <p>{t('page.files', { count: files.length })}</p>
      </section>
      {view.carriers.length > 0 ? (
        <section className="stack">
          <h2>{t('page.carriers')}</h2>
          <CarrierTable carriers={view.carriers} />
        </section>
      ) : null}
      <section className="stack">
        <h2>{t('page.history')}</h2>
        <CaseHistory events={view.events} names={view.names} areas={areas} />
      </section>
      <p className="print-only mt-8 text-right">{t('page.signature')}</p>
    </article>
  )
}
