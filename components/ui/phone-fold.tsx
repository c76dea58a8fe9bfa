import type { ReactNode } from 'react'

/**
 * Renders a part of a page under its heading: folded on a phone, where it would be screens long, and open where there
 * is room.
 */
export function PhoneFold({
  id,
  title,
  prose = false,
  children,
}: {
  /** The id of the content: an address that names it unfolds it. */
  readonly id: string
  readonly title: ReactNode
  /** True where it is a text. */
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
