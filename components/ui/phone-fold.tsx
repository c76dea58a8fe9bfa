import type { ReactNode } from 'react'

/** Renders a part of a page under its heading: folded on a phone, open on wider screens. */
export function PhoneFold({
  id,
  title,
  prose = false,
  children,
}: {
  /** Id of the content; a link to it unfolds the part. */
  readonly id: string
  readonly title: ReactNode
  readonly prose?: boolean
  readonly children: ReactNode
}) {
  return (
    <section aria-labelledby={`${id}-title`}>
      <details className="phone-fold">
        <summary>
          <h2 id={`${id}-title`}>{title}</h2>
        </summary>
        <div id={id} className={prose ? 'prose stack pt-3' : 'stack pt-3'}>
          {children}
        </div>
      </details>
    </section>
  )
}
