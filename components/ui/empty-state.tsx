import type { ReactNode } from 'react'

/** Shows that there is nothing to show, why, and what the person can do (children). */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="stack rounded-card border border-dashed border-edge px-5 py-8">
      <p className="font-semibold">{title}</p>
      {children}
    </div>
  )
}
