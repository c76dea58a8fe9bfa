import type { ReactNode } from 'react'
import { isVietnamese } from '#lib/text-normalization.ts'

/**
 * Renders text that a person wrote, on a page of either language. Isolates its direction marks, and marks Vietnamese text so that
 * screen readers pronounce it as such.
 */
export const Written = ({ children }: { readonly children: string | null | undefined }) =>
  children ? <bdi lang={isVietnamese(children) ? 'vi' : undefined}>{children}</bdi> : null

/** Tag for such text inside a message, for `t.rich`. */
export const writtenTag = { written: (chunks: ReactNode) => <Written>{String(chunks)}</Written> }
