import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { ReportStanding } from '#features/city-report/open-reports.tsx'
import { findReportsByHash } from '#features/city-report/page-data.ts'
import { periodTitle } from '#features/city-report/period-rules.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

/** Shows what became of the report that carries a hash. A plain GET form: its answer has an address that can be shared. */
export async function ReportForm({ typed }: { readonly typed: string | null }) {
  const [locale, t, found] = await Promise.all([
    getLocale(),
    getTranslations('survey-withdrawal.check'),
    typed === null ? NOTHING : findReportsByHash(typed),
  ])
  return (
    <Details summary={t('title')} look="row" open={typed !== null}>
      <p>{t('lead')}</p>
      {typed === null || found === null ? null : <Found {...found} />}
      <form action={pathFor(locale, '/verify')} method="get" className="stack">
        <div className="field" data-invalid={found === null ? '' : undefined}>
          <label htmlFor="report">{t('field')}</label>
          <div className="hint" id="report-hint">
            {t('hint')}
          </div>
          {found === null ? (
            <p className="error" id="report-error" data-error-for="report">
              {t('format')}
            </p>
          ) : null}
          <input
            className="control"
            id="report"
            name="report"
            defaultValue={typed ?? ''}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={found === null ? 'report-hint report-error' : 'report-hint'}
            aria-invalid={found === null ? true : undefined}
          />
        </div>
        <p className="actions pt-1">
          <Button look={typed === null ? 'quiet' : 'primary'}>{t('submit')}</Button>
        </p>
      </form>
    </Details>
  )
}

const NOTHING = { reports: [], logged: [] } satisfies Awaited<ReturnType<typeof findReportsByHash>>

async function Found({ reports, logged }: NonNullable<Awaited<ReturnType<typeof findReportsByHash>>>) {
  const [locale, t, words] = await Promise.all([
    getLocale(),
    getTranslations('survey-withdrawal.check'),
    getTranslations('survey-report-paper'),
  ])
  const [entry] = logged
  if (reports.length === 0 && entry)
    return (
      <div data-report-standing="logged">
        <Notice tone="bad" title={t('logged')}>
          <p>
            {t('loggedText', { date: formatInstant(locale, entry.at, 'moment'), entry: String(entry.id) })}
          </p>
          <p>
            <a href={`/log/figures/${entry.sha256}.proof.json`} download>
              {t('loggedProof')}
            </a>
          </p>
        </Notice>
      </div>
    )
  if (reports.length === 0)
    return (
      <Notice tone="wait" title={t('unknown')}>
        <p>{t('unknownText')}</p>
      </Notice>
    )
  return reports.map((report) => {
    const stands = report.withdrawn === null ? 'published' : 'withdrawn'
    return (
      <div key={report.id} data-report-standing={stands}>
        <Notice
          tone={stands === 'published' ? 'ok' : 'bad'}
          title={t(stands, { period: periodTitle(words, locale, report.period) })}
        >
          {report.publishedAt === null || stands === 'withdrawn' ? null : (
            <p>{t('publishedText', { date: formatInstant(locale, report.publishedAt, 'date') })}</p>
          )}
          <ReportStanding report={report} />
        </Notice>
      </div>
    )
  })
}
