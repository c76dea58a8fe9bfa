import type { ReactNode } from 'react'

export function GallerySample({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <section className="stack border-t border-line pt-4">
      <h2 className="text-base text-soft">{name}</h2>
      {children}
    </section>
  )
}
