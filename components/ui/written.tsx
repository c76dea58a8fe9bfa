import type { ReactNode } from 'react'
import { isVietnamese } from '#lib/text-normalization.ts'

/** Renders a person's text with its direction marks isolated, and Vietnamese marked for screen readers. */
export const Written = ({ children }: { readonly children: string | null | undefined }) =>
  children ? <bdi lang={isVietnamese(children) ? 'vi' : undefined}>{children}</bdi> : null

/** Tag for such text inside a message, for `t.rich`. */
export const writtenTag = { written: (chunks: ReactNode) => <Written>{String(chunks)}</Written> }
