import type { ReactNode } from 'react'

export interface DetailsProps {
  readonly summary: string
  readonly open?: boolean
  /** For a link that leads right here. */
  readonly id?: string
  readonly children: ReactNode
}

/** Help that stays folded until it is wanted. */
export function Details({ summary, open = false, id, children }: DetailsProps) {
  return (
    <details className="more prose" open={open} id={id}>
      <summary>{summary}</summary>
      {children}
    </details>
  )
}
