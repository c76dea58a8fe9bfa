import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import type { Access } from '#lib/access/access.ts'
import { stepPath } from '../step.ts'

export const access = 'anybody' satisfies Access

/** Redirects to the report's own page, which is the first step. */
export default async function IncidentStepPage() {
  redirect(stepPath(await getLocale(), 'incident'))
}
