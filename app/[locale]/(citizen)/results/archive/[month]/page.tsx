import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { cite } from '#app/api/v1/archive/cite.ts'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ResultsTabs } from '#features/results/results-table.tsx'
import { monthLabel } from '#features/results/rules.ts'
import { readSnapshot } from '#features/statistics/archive/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import { formatDate } from '#messages/dates.ts'

export const access = 'anybody' satisfies Access

async function load({ params }: PageProps<'/[locale]/results/archive/[month]'>) {
  const [{ month }, locale] = await Promise.all([params, getLocale()])
  const snapshot = await readSnapshot(month)
  if (snapshot === null) notFoundPage(locale)
  return { snapshot, locale, label: monthLabel(locale, snapshot.month) }
}

export async function generateMetadata(
  props: PageProps<'/[locale]/results/archive/[month]'>,
): Promise<Metadata> {
  const [t, { label }] = await Promise.all([getTranslations('results-archive'), load(props)])
  return { title: t('one', { month: label }) }
}

export default async function SnapshotPage(props: PageProps<'/[locale]/results/archive/[month]'>) {
  const [t, { snapshot, locale, label }] = await Promise.all([
    getTranslations('results-archive'),
    load(props),
  ])
  const { month, takenOn, sha256, tables, dispersion } = snapshot
  const api = `/api/v1/archive/${month}`
  const cited = cite(snapshot)
  const sets = [
    { key: 'answers', path: `${api}/answers`, text: t('answersText', { factor: dispersion.factor }) },
    { key: 'blocking', path: `${api}/blocking`, text: t('blockingText') },
    { key: 'manifest', path: api, text: t('manifestText', { count: tables.length }) },
  ] as const
  return (
    <div className="space-y-12" data-snapshot={month} data-sha256={sha256}>
      <ResultsTabs current="data" />
      <PageHeader
        title={t('one', { month: label })}
        lead={t('oneLead', { day: formatDate(locale, takenOn) })}
      />
      <section className="prose stack" aria-labelledby="sets">
        <h2 id="sets">{t('what')}</h2>
        <ul>
          {sets.map(({ key, path, text }) => (
            <li key={key}>
              <strong>{t(key)}</strong>: {text}{' '}
              <a href={`${path}?format=csv`} download>
                CSV<span className="sr-only"> {t(key)}</span>
              </a>{' '}
              <a href={path}>
                JSON<span className="sr-only"> {t(key)}</span>
              </a>
            </li>
          ))}
        </ul>
        <p>
          {t('hash')}: <code className="wrap-anywhere">{sha256}</code>
        </p>
        <p>
          <a href={`/log/figures/${sha256}.json`}>{t('kept')}</a> ·{' '}
          <a href={`/log/figures/${sha256}.proof.json`}>{t('proof')}</a>
        </p>
        <p>{t('check')}</p>
      </section>
      <section className="prose stack" aria-labelledby="cite">
        <h2 id="cite">{t('cite')}</h2>
        <p className="wrap-anywhere" data-citation>
          {cited[locale]}
        </p>
        <h3>{t('bibtex')}</h3>
        <pre className="overflow-x-auto" data-bibtex>
          {cited.bibtex}
        </pre>
        <p>
          <Link href="/results/archive">{t('back')}</Link>
        </p>
      </section>
    </div>
  )
}
