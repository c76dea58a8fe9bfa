import type { ReactNode } from 'react'

export interface PageHeaderProps {
  readonly title: ReactNode
  /** A line above the title: the case number, the section. */
  readonly kicker?: ReactNode
  readonly lead?: ReactNode
  /** Stands under the lead: tags, actions. */
  readonly children?: ReactNode
}

export function PageHeader({ title, kicker, lead, children }: PageHeaderProps) {
  return (
    <div className="stack">
      {kicker === undefined ? null : <p className="max-w-none text-soft">{kicker}</p>}
      <h1>{title}</h1>
      {lead === undefined ? null : <p>{lead}</p>}
      {children}
    </div>
  )
}
