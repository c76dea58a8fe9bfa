import { getLocale, getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Places } from '#features/agencies/rules/agency.ts'
import { WithdrawnTag } from '#features/ratings/replies/withdrawn.tsx'
import { lineStart, periodTitle } from '#features/results/components/period-words.ts'
import type { Instant } from '#lib/time.ts'
import type { Period } from '../rules/report-period.ts'
import { ReportDownloads, ReportHash } from './report-downloads.tsx'
import { ReportStanding, type StandingOf } from './report-standing.tsx'

interface OpenReport extends StandingOf {
  readonly id: string
  readonly period: Period
  readonly scope: 'all' | 'districts' | 'departments' | 'chosen'
  readonly agencyIds: readonly string[]
  readonly places: Places
  readonly sha256: string | null
  readonly files: Readonly<Record<string, string>> | null
  readonly redrawnAt: Instant | null
}

/** Renders the reports that the City was given, withdrawn ones too; null while there are none. */
export async function OpenReports({
  reports,
  redrawn,
}: {
  readonly reports: readonly OpenReport[]
  /** The report whose file was asked for and is being drawn again. */
  readonly redrawn: string | null
}) {
  if (reports.length === 0) return null
  const [locale, again, t, words] = await Promise.all([
    getLocale(),
    getTranslations('survey-report'),
    getTranslations('survey-report.open'),
    getTranslations('survey-report-paper'),
  ])
  return (
    <section className="stack" aria-labelledby="reports">
      <h2 id="reports">{t('title')}</h2>
      <p>{t('lead')}</p>
      <ul className="space-y-4">
        {reports.map((report) => {
          const { id, period, scope, agencyIds, places, sha256, files, redrawnAt, publishedAt, withdrawn } =
            report
          const name = periodTitle(words, locale, period)
          return (
            <li key={id} className="card space-y-3" data-report={id} data-sha256={sha256}>
              <div>
                <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  {name}
                  {withdrawn === null ? null : <WithdrawnTag />}
                </h3>
                <p className="text-soft">
                  {lineStart(words(`scope.${scope}`, { count: agencyIds.length, places }))}
                  {publishedAt === null || withdrawn !== null ? null : (
                    <>
                      {' · '}
                      {t('published')} <Time at={publishedAt} form="date" />
                    </>
                  )}
                </p>
              </div>
              <ReportStanding report={report} />
              {id === redrawn ? (
                <Notice tone="wait" title={again('redrawing')}>
                  <p>{again('redrawingText')}</p>
                </Notice>
              ) : null}
              {withdrawn === null ? (
                <ReportDownloads {...{ id, name, sha256, files, redrawnAt }} />
              ) : (
                <ReportHash sha256={sha256} />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
