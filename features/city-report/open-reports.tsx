import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { WithdrawnReason, WithdrawnTag } from '#features/ratings/replies/withdrawn.tsx'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { OtherReport, ReportRow } from './data.ts'
import type { NamedReport } from './page-data.ts'
import { lineStart, periodTitle } from './period-rules.ts'
import { ReportDownloads, ReportHash } from './report-downloads.tsx'

export async function OpenReports({
  reports,
  redrawn,
}: {
  readonly reports: readonly NamedReport[]
  /** The report whose requested file is being drawn again. */
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

/** Renders whether a published report was withdrawn, when and why, which report it replaces, and which replaces it. */
export async function ReportStanding({
  report,
  staff = false,
}: {
  readonly report: Pick<ReportRow, 'publishedAt' | 'withdrawn' | 'replaces' | 'replacedBy'>
  /** True when the reader can still download the report's files. */
  readonly staff?: boolean
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-withdrawal.report')])
  const { publishedAt, withdrawn, replaces, replacedBy } = report
  const day = (at: Instant) => formatInstant(locale, at, 'date')
  const other = ({ sha256, publishedAt }: OtherReport, key: 'replaces' | 'replacedBy') => (
    <p>
      <Link href={{ pathname: '/verify', query: { report: sha256 } }}>
        {t(key, { date: day(publishedAt) })}
      </Link>
    </p>
  )
  return (
    <>
      {withdrawn === null || publishedAt === null ? null : (
        <>
          <p>
            {t(staff ? 'goneForOthers' : 'gone', {
              published: day(publishedAt),
              withdrawn: day(withdrawn.at),
            })}
          </p>
          <WithdrawnReason reason={withdrawn} />
        </>
      )}
      {replacedBy === null ? null : other(replacedBy, 'replacedBy')}
      {replaces === null ? null : other(replaces, 'replaces')}
    </>
  )
}

const TONES = {
  queued: 'wait',
  running: 'wait',
  ready: 'ok',
  failed: 'bad',
  published: 'ok',
  withdrawn: 'bad',
} as const satisfies Readonly<Record<string, Tone>>
type ShownState = keyof typeof TONES

export function shownReportState(report: Pick<ReportRow, 'state' | 'publishedAt' | 'withdrawn'>): ShownState {
  if (report.withdrawn !== null) return 'withdrawn'
  return report.publishedAt === null ? report.state : 'published'
}

export async function ReportStateTag({ state }: { readonly state: ShownState }) {
  const t = await getTranslations('survey-report.state')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
