import type { ReactNode } from 'react'

export interface DetailsProps {
  readonly summary: string
  readonly open?: boolean
  /** `aside`: help beside a field. `row`: one of a list of questions. */
  readonly look?: 'aside' | 'row'
  readonly children: ReactNode
}

/** Help that stays folded until it is wanted. An id inside it is a place to link to: the browser unfolds it. */
export function Details({ summary, open = false, look = 'aside', children }: DetailsProps) {
  return (
    <details className="more prose" data-look={look} open={open}>
      <summary>{summary}</summary>
      <div className="stack pt-2">{children}</div>
    </details>
  )
}
