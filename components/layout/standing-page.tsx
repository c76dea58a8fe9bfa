import type { ReactNode } from 'react'
import { PageHeader } from '../ui/page-header.tsx'
import { PhoneFold } from '../ui/phone-fold.tsx'

export function StandingPage({
  title,
  lead,
  parts,
  children,
}: {
  readonly title: string
  readonly lead: string
  readonly parts: readonly {
    readonly key: string
    readonly title: string
    readonly text: ReactNode
  }[]
  readonly children?: ReactNode
}) {
  return (
    <article className="stack-l">
      <PageHeader title={title} lead={lead} />
      {children}
      {parts.map((part) => (
        <PhoneFold key={part.key} id={part.key} title={part.title} prose>
          {part.text}
        </PhoneFold>
      ))}
    </article>
  )
}
