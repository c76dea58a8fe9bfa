import { getTranslations } from 'next-intl/server'
import { COLUMNS, type ColumnName } from '#app/api/v1/results/columns/columns.ts'
import { CITY } from '#cities/city.ts'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import { Table } from '#components/ui/table.tsx'
import { listPublicMonths } from '#features/results/data.ts'
import { ResultsTabs } from '#features/results/results-table.tsx'
import { type Month, monthOf } from '#features/results/rules.ts'
import { citedSiteUrl, dataLicence } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('results-data', 'title')

/** Returns all tables, each with a working example address, such as that of the newest month. */
const setsOf = (month: Month) =>
  [
    { key: 'answers', path: '/api/v1/results/answers' },
    { key: 'city', path: '/api/v1/results' },
    { key: 'months', path: '/api/v1/results/months' },
    { key: 'month', path: `/api/v1/results/months/${month}` },
    { key: 'agency', path: `/api/v1/results/${CITY.example}` },
    { key: 'agencyMonths', path: `/api/v1/results/${CITY.example}/months` },
    { key: 'question', path: '/api/v1/results/questions/1/r1' },
    { key: 'invited', path: '/api/v1/results/invited' },
    { key: 'kiosks', path: '/api/v1/results/kiosks' },
    { key: 'parts', path: '/api/v1/results/parts' },
    { key: 'volumes', path: '/api/v1/results/volumes' },
    { key: 'dictionary', path: '/api/v1/results/columns' },
  ] as const

const RULES = ['rule1', 'rule2', 'ruleKiosks', 'ruleInvited', 'rule3', 'rule4', 'ruleParts', 'rule5'] as const

export default async function DataPage() {
  const now = new Date()
  const [t, months] = await Promise.all([getTranslations('results-data'), listPublicMonths(now)])
  const licence = dataLicence()
  const month = months.at(-1) ?? monthOf(now)
  return (
    <div className="stack-l">
      <ResultsTabs current="data" />
      <PageHeader title={t('title')} lead={t('lead')} />
      <section className="stack" aria-labelledby="sets">
        <h2 id="sets">{t('sets')}</h2>
        <Table
          caption={t('sets')}
          captionHidden
          columns={[
            { head: t('set'), cell: ({ key }) => t(key) },
            { head: t('what'), phone: 'below', cell: ({ key }) => t(`${key}Text`, { month }) },
            {
              head: t('links'),
              cell: ({ key, path }) => (
                <span className="flex flex-wrap justify-end gap-x-4 md:justify-start">
                  <a href={`${path}?format=csv`} download>
                    CSV<span className="sr-only"> {t(key)}</span>
                  </a>
                  <a href={path}>
                    JSON<span className="sr-only"> {t(key)}</span>
                  </a>
                </span>
              ),
            },
          ]}
          rows={setsOf(month)}
          keyOf={({ key }) => key}
        />
        <p>
          {t('licence')}{' '}
          <a href={licence.url} rel="license">
            {licence.name}
          </a>
        </p>
        <p>
          <a href="/api/openapi.json">{t('openapi')}</a>
        </p>
        <p>
          <Link href="/results/archive">{t('archive')}</Link>
        </p>
      </section>
      <PhoneFold id="columns" title={t('columns')}>
        <Table
          caption={t('columns')}
          captionHidden
          columns={[
            { head: t('column'), cell: ([name]) => <code>{name}</code> },
            { head: t('meaning'), phone: 'below', cell: ([name]) => t(`col.${name as ColumnName}`) },
            { head: t('values'), cell: ([, type]) => <span className="text-soft">{t(`type.${type}`)}</span> },
          ]}
          rows={Object.entries(COLUMNS)}
          keyOf={([name]) => name}
          marks={([name]) => ({ 'data-column': name })}
        />
      </PhoneFold>
      <PhoneFold id="again" title={t('again')} prose>
        <p>{t('againText')}</p>
        <pre className="overflow-x-auto">
          {`curl -fsS -O ${citedSiteUrl()}/log/programs/figures.py\npython3 figures.py ${citedSiteUrl()}`}
        </pre>
      </PhoneFold>
      <PhoneFold id="rules" title={t('rules')} prose>
        <ul>
          {RULES.map((rule) => (
            <li key={rule}>{t(rule)}</li>
          ))}
        </ul>
      </PhoneFold>
    </div>
  )
}
