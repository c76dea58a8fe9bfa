import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { AgencyInbox } from './agency-inbox.tsx'
import { Overview } from './overview.tsx'
import type { Sent } from './place.ts'

export const access = 'voice:read' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('survey-comments'))('title') }
}

/** Shows an agency's viewer its own comments, and the survey manager what waits at every agency. */
export default async function CommentsPage({ searchParams }: { searchParams: Promise<Sent> }) {
  const [staff, sent] = await Promise.all([requireStaff(access), searchParams])
  return may(staff.role, 'voice:answer') ? (
    <AgencyInbox staff={staff} sent={sent} />
  ) : (
    <Overview staff={staff} />
  )
}
