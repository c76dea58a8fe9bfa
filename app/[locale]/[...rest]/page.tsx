import { getLocale } from 'next-intl/server'
import { Missing } from '#components/layout/missing.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import CitizenLayout from '../(citizen)/layout.tsx'
import AdminLayout from '../admin/layout.tsx'

export const access = 'nobody' satisfies Access

/**
 * Shows that an address has no page. proxy.ts rewrites such an address to `not-found` with status 404, so that it works without a
 * script: `notFound()` would send an empty body (ADR 57). A page of the routing table that has no folder reaches this page
 * directly and is redirected. Signed-in staff keep their own menu.
 */
export default async function MissingPage({ params }: PageProps<'/[locale]/[...rest]'>) {
  const { rest } = await params
  if (rest.join('/') !== 'not-found') notFoundPage(await getLocale())
  const isStaff = (await currentStaff()) !== null
  const Layout = isStaff ? AdminLayout : CitizenLayout
  return (
    <Layout>
      <Missing staff={isStaff} />
    </Layout>
  )
}
