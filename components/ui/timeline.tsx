import type { ReactNode } from 'react'
import type { Instant } from '#lib/time.ts'
import { Time } from './time.tsx'

export interface TimelineEntry {
  readonly key: string
  readonly title: string
  /** `done` happened, `now` is going on, `next` is still to come. */
  readonly when: 'done' | 'now' | 'next'
  readonly at?: Instant
  readonly children?: ReactNode
}

/** Shows what happened and what is going on, newest first. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline">
      {entries.map(({ key, title, when, at, children }) => (
        <li key={key} data-when={when} aria-current={when === 'now' ? 'step' : undefined}>
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
