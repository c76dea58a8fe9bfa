import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { Route } from '#messages/paths.ts'
import { Link } from './link.tsx'
import { Written } from './written.tsx'

export interface SummaryRow {
  readonly key: string
  readonly term: string
  readonly value: ReactNode
  /** The page where this answer can be changed. */
  readonly change?: Route
}

/** Answers or facts as pairs, with a link beside each that can be changed; beside each other where there is room. */
export async function SummaryList({ rows }: { readonly rows: readonly SummaryRow[] }) {
  const t = await getTranslations('common.form')
  const columns = rows.some(({ change }) => change !== undefined)
    ? '@sm:grid-cols-[minmax(9rem,1fr)_2fr_5rem]'
    : '@sm:grid-cols-[minmax(9rem,1fr)_2fr]'
  return (
    <dl className="@container">
      {rows.map(({ key, term, value, change }) => (
        <div
          key={key}
          className={`grid grid-cols-[1fr_auto] gap-x-4 border-b border-line py-2.5 last:border-0 ${columns}`}
        >
          <dt className="col-span-2 text-sm text-soft @sm:col-span-1 @sm:text-[length:inherit]">{term}</dt>
          <dd className="min-w-0 wrap-anywhere whitespace-pre-line">
            {typeof value === 'string' ? <Written>{value}</Written> : value}
          </dd>
          {change === undefined ? null : (
            <dd className="print-hidden text-right">
              <Link href={change}>
                {t('change')}
                <span className="sr-only"> {term}</span>
              </Link>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}
