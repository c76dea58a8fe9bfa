import type { ReactNode } from 'react'
import { Details } from '#components/ui/details.tsx'

/** Renders one part of the page, folded; `note` says its present state. A link to its id unfolds it. */
export function Part({
  part,
  title,
  note,
  open = false,
  children,
}: {
  readonly part: string
  readonly title: string
  readonly note: string
  readonly open?: boolean
  readonly children: ReactNode
}) {
  return (
    <Details summary={title} note={note} look="row" prose={false} open={open}>
      <div className="stack" id={part}>
        {children}
      </div>
    </Details>
  )
}
