import type { ReactNode } from 'react'

export interface ListedFigure {
  readonly key: string
  readonly value: ReactNode
  readonly label: string
  /** A line of its own: how sure the figure is, or what it is a part of. */
  readonly detail?: string
  readonly tone?: 'bad'
}

/** Renders a few large figures with their labels; also works in client components. */
export function FigureList({ items }: { readonly items: readonly ListedFigure[] }) {
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-4 sm:flex sm:flex-wrap sm:gap-x-8 sm:gap-y-5">
      {items.map(({ key, value, label, detail, tone }) => (
        <div key={key} className="flex max-w-60 flex-col-reverse justify-end sm:min-w-24">
          <dt className="text-soft text-balance">
            {label}
            {detail === undefined ? null : <span className="block">{detail}</span>}
          </dt>
          <dd
            className={`num text-3xl sm:text-3xl leading-tight font-semibold ${tone === 'bad' ? 'text-red' : ''}`}
          >
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
