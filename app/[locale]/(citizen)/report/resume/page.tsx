import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'anybody' satisfies Access

/** Redirects to the one page that finds drafts and cases: earlier messages name this address. */
export default async function ResumePage() {
  redirect(pathFor(await getLocale(), '/track/find'))
}
