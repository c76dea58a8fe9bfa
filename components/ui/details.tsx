import type { ReactNode } from 'react'

export interface DetailsProps {
  readonly summary: string
  readonly open?: boolean
  /** `aside`: help beside a field. `row`: one of a list of questions. */
  readonly look?: 'aside' | 'row'
  readonly children: ReactNode
}

/** Renders help that stays folded until it is wanted. The browser unfolds it for a link to an id inside it. */
export function Details({ summary, open = false, look = 'aside', children }: DetailsProps) {
  return (
    <details className="more prose" data-look={look} open={open}>
      <summary>{summary}</summary>
      <div className="stack pt-2">{children}</div>
    </details>
  )
}
