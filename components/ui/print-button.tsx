'use client'
import type { ReactNode } from 'react'

/** Prints the page. Only where scripts run (`needs-script`): elsewhere the browser's own menu prints it. */
export function PrintButton({ children }: { readonly children: ReactNode }) {
  return (
    <button type="button" className="button needs-script" data-look="quiet" onClick={() => print()}>
      {children}
    </button>
  )
}
