import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import { stepPath } from '../step.ts'

/** The first step is the report's own page. */
export default async function IncidentStepPage() {
  redirect(stepPath(await getLocale(), 'incident'))
}
