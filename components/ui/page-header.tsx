import type { ReactNode } from 'react'

export function PageHeader({
  title,
  kicker,
  lead,
  children,
}: {
  readonly title: ReactNode
  /** A line above the title: the case number, the section. */
  readonly kicker?: ReactNode
  readonly lead?: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <div className="stack">
      {kicker === undefined ? null : <p className="max-w-none text-soft">{kicker}</p>}
      <h1>{title}</h1>
      {lead === undefined ? null : <p>{lead}</p>}
      {children}
    </div>
  )
}
