import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import { pathFor } from '#messages/paths.ts'
import type { Pathname } from '#messages/routing.ts'

export const access = 'signed in' satisfies Access

const FIRST = [
  { needs: 'case:read', href: '/admin/cases' },
  { needs: 'order:read', href: '/admin/orders' },
  { needs: 'audit:read', href: '/admin/audit' },
  { needs: 'survey:read', href: '/admin/survey' },
  { needs: 'voice:answer', href: '/admin/survey/comments' },
  { needs: 'account:manage', href: '/admin/accounts' },
  { needs: 'imei:check_list', href: '/admin/shop' },
] as const satisfies readonly { needs: Permission; href: Pathname }[]

/** Redirects to the first page of the person's role. */
export default async function AdminPage() {
  const [staff, locale] = await Promise.all([requireStaff(), getLocale()])
  const first = FIRST.find(({ needs }) => may(staff.role, needs))
  if (first) redirect(pathFor(locale, first.href))
  if (may(staff.role, 'carrier:own') && staff.carrierId !== null) {
    const params = { carrier: staff.carrierId }
    redirect(pathFor(locale, { pathname: '/admin/carriers/[carrier]', params }))
  }
  const t = await getTranslations('admin')
  return (
    <div className="stack">
      <h1>{t('welcome', { name: staff.name })}</h1>
      <EmptyState title={t('nothing_yet')} />
    </div>
  )
}
