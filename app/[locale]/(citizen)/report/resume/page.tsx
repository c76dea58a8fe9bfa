import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'anybody' satisfies Access

/** Leads to the one door by which drafts and cases are found: messages that were sent before name this address. */
export default async function ResumePage() {
  redirect(pathFor(await getLocale(), '/track/find'))
}
