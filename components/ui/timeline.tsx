import type { ReactNode } from 'react'
import type { Instant } from '#lib/time.ts'
import { Time } from './time.tsx'

export interface TimelineEntry {
  readonly key: string
  readonly title: string
  /** `done` happened, `now` is going on, `next` is still to come. */
  readonly when: 'done' | 'now' | 'next'
  readonly at?: Instant
  /** Shown above the title of the current entry, because its ring alone says nothing to screen readers. */
  readonly mark?: string
  readonly children?: ReactNode
}

export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline">
      {entries.map(({ key, title, when, at, mark, children }) => (
        <li key={key} data-when={when} aria-current={when === 'now' ? 'step' : undefined}>
          {mark === undefined ? null : (
            <span className="block text-sm font-semibold text-saffron-deep">{mark}</span>
          )}
          <b>{title}</b>
          {at === undefined ? null : (
            <p className="text-sm text-soft">
              <Time at={at} form="moment" />
            </p>
          )}
          {children}
        </li>
      ))}
    </ol>
  )
}
