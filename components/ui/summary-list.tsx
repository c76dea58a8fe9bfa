import type { ReactNode } from 'react'
import { Written } from './written.tsx'

export interface SummaryRow {
  readonly key: string
  readonly term: string
  readonly value: ReactNode
}

export function SummaryList({ rows }: { readonly rows: readonly SummaryRow[] }) {
  return (
    <dl className="@container">
      {rows.map(({ key, term, value }) => (
        <div
          key={key}
          className="grid gap-x-4 border-b border-line py-2.5 last:border-0 @sm:grid-cols-[minmax(9rem,1fr)_2fr]"
        >
          <dt className="text-sm text-soft @sm:text-[length:inherit]">{term}</dt>
          <dd className="min-w-0 wrap-anywhere whitespace-pre-line">
            {typeof value === 'string' ? <Written>{value}</Written> : value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
