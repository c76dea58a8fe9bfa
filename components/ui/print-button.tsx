'use client'
import type { ReactNode } from 'react'

/** Renders a print button. Only where scripts run (`needs-script`); otherwise people use the browser's menu. */
export function PrintButton({ children }: { readonly children: ReactNode }) {
  return (
    <button type="button" className="button needs-script" data-look="quiet" onClick={() => print()}>
      {children}
    </button>
  )
}
