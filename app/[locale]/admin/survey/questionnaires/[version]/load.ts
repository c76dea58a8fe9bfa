import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import type { StaffActor } from '#domain/access/actor.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { type VersionPage, versionPage } from '#server/survey/loaders/questionnaires.ts'

/** The version that the address names, or no such page. */
export async function loadVersion(actor: StaffActor, version: string): Promise<VersionPage> {
  const found = /^\d{1,6}$/.test(version) ? await versionPage(actor, Number(version), new Date()) : null
  return found ?? redirect(missingPath(await getLocale()))
}

/** The same where only a draft has such a page: whatever is published is shown as it is. */
export async function loadDraft(actor: StaffActor, version: string): Promise<VersionPage> {
  const found = await loadVersion(actor, version)
  if (found.state === 'draft') return found
  const params = { version: String(found.version) }
  return redirect(pathFor(await getLocale(), { pathname: '/admin/survey/questionnaires/[version]', params }))
}
