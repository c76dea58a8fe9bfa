import { getLocale } from 'next-intl/server'
import { Missing } from '#components/layout/missing.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'nobody' satisfies Access

/**
 * Shows that an address has no page. proxy.ts rewrites such an address to `not-found` with status 404, so that it works without a
 * script: `notFound()` would send an empty body (ADR 57). A page of the routing table that has no folder reaches this page
 * directly and is redirected. Signed-in staff are led to their own work.
 */
export default async function MissingPage({ params }: PageProps<'/[locale]/[...rest]'>) {
  const { rest } = await params
  if (rest.join('/') !== 'not-found') notFoundPage(await getLocale())
  return <Missing staff={(await currentStaff()) !== null} />
}
