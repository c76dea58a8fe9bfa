import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import { readVersionPage, type VersionPage } from '#features/questionnaires/versions/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { pathFor } from '#messages/paths.ts'

/** Returns the version in the address; redirects if it does not exist. */
export async function loadVersion(actor: StaffActor, version: string): Promise<VersionPage> {
  const found = /^\d{1,6}$/.test(version) ? await readVersionPage(actor, Number(version), new Date()) : null
  return found ?? notFoundPage(await getLocale())
}

/** Returns the version if it is a draft, for pages that only drafts have; redirects from a published one to its own page. */
export async function loadDraft(actor: StaffActor, version: string): Promise<VersionPage> {
  const found = await loadVersion(actor, version)
  if (found.state === 'draft') return found
  const params = { version: String(found.version) }
  return redirect(pathFor(await getLocale(), { pathname: '/admin/survey/questionnaires/[version]', params }))
}
