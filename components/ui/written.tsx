import type { ReactNode } from 'react'
import { isVietnamese } from '#lib/text-normalization.ts'

/**
 * Renders text that a person wrote, on a page of either language. Its direction marks end with it, and Vietnamese text
 * is marked so that it is read out as such.
 */
export const Written = ({ children }: { readonly children: string | null | undefined }) =>
  children ? <bdi lang={isVietnamese(children) ? 'vi' : undefined}>{children}</bdi> : null

/** The tag of such text inside a message, for `t.rich`. */
export const writtenTag = { written: (chunks: ReactNode) => <Written>{String(chunks)}</Written> }
