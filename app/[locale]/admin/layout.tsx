import { headers } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { AdminShell } from '#components/layout/admin-shell.tsx'
import { Bell } from '#components/layout/bell.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import { allUnits } from '#features/areas/data.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { nameRelease } from '#features/installation/data.ts'
import { listKnownAgencies } from '#features/ratings/rating/data.ts'
import { countTasks } from '#features/tasks/data.ts'
import { kindsOf, totalOf } from '#features/tasks/rules.ts'
import { refusedForm } from '#http/refused-form.ts'
import { openForSession } from '#http/sealed.ts'
import { currentStaff, type SignedInStaff } from '#http/session.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { currentPage } from '#messages/current.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { signOutAction } from './actions.ts'
import { searchAction } from './cases/actions.ts'
import { type MenuItem, menuOf } from './menu.ts'
import { nameStaff } from './name-of.ts'
import '../../staff.css'

/**
 * Renders the frame around every page of the section. It hides links that the reader may not use; each page checks access itself.
 */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const staff = await currentStaff()
  // The page itself redirects to the sign-in form.
  if (!staff) return children
  const [t, areas] = await Promise.all([getTranslations('admin'), allUnits()])
  const of =
    staff.carrierId !== null
      ? (await carrierNames()).find(({ id }) => id === staff.carrierId)?.name
      : staff.agencyId === null
        ? await nameStaff(areas, staff.unitId)
        : await nameStaff(await listKnownAgencies(new Date()), staff.agencyId)
  const role = t(`role.${staff.role}`)
  const menu = menuOf(staff)
  const words = (one: MenuItem) => ({
    ...one,
    label: one.key === 'carrier' ? (of ?? role) : t(`section.${one.key}`),
  })
  return (
    <AdminShell
      sections={menu.sections.map(words)}
      person={{
        name: staff.name,
        role: of ? `${role}, ${of}` : role,
        place: of ?? role,
        pages: menu.own.map(words),
      }}
      search={may(staff.role, 'case:read') ? <CaseSearch /> : null}
      bell={kindsOf(staff).length > 0 ? <WaitingBell staff={staff} /> : null}
      keysOn={staff.keysOn}
      roomy={staff.roomy}
      posted={await refusedForm()}
      release={nameRelease()}
      signOut={
        <ActionForm action={signOutAction} scope="sign-out" className="">
          <SubmitButton look="quiet" size="small">
            {t('sign_out')}
          </SubmitButton>
        </ActionForm>
      }
    >
      <WaitingNotice staff={staff} />
      <MissingTargetNotice />
      {children}
    </AdminShell>
  )
}

/** Tells a person, above their first page, that they may not open the page that they wanted. */
async function MissingTargetNotice() {
  if (!(await headers()).has('x-target-missing')) return null
  const t = await getTranslations('admin')
  return (
    <div className="print-hidden mb-6" role="status" data-missing-target>
      <Notice tone="info">
        <p>{t('missingTarget')}</p>
      </Notice>
    </div>
  )
}

/** Tells a person in the account's waiting period, above every page, when they can start to decide. */
async function WaitingNotice({ staff }: { readonly staff: SignedInStaff }) {
  if (!isInWaitingPeriod(staff, new Date())) return null
  const [t, locale] = await Promise.all([getTranslations('admin.waiting'), getLocale()])
  const time = formatInstant(locale === 'en' ? 'en' : 'vi', staff.decidesFrom, 'moment')
  return (
    <div className="print-hidden mb-6" data-account-waiting>
      <Notice title={t('title')}>
        <p>{t('text', { time })}</p>
      </Notice>
    </div>
  )
}

async function WaitingBell({ staff }: { readonly staff: StaffActor }) {
  const [t, locale, { pathname }, counts] = await Promise.all([
    getTranslations('tasks'),
    getLocale(),
    currentPage(),
    countTasks(staff, new Date()),
  ])
  const number = { count: '{count}' }
  return (
    <Bell
      href={pathFor(locale, '/admin/waiting')}
      total={totalOf(counts)}
      source="/api/staff/events"
      words={{ none: t('bell_none'), some: t('bell', number), changed: t('bell_changed', number) }}
      current={pathname === '/admin/waiting'}
    >
      <Icon name="bell" />
    </Bell>
  )
}

/** Renders the case search, on every page of people who may read cases. It is a POST, so that no name is in an address. */
async function CaseSearch() {
  const [t, sought] = await Promise.all([getTranslations('case-staff'), soughtHere()])
  return (
    <search className="desk-search">
      <ActionForm action={searchAction} scope="find" className="" initial={{ q: sought }}>
        <Field
          name="q"
          type="search"
          label={t('queue.search')}
          placeholder={t('queue.search_hint')}
          shortcut="/"
        />
        <SubmitButton look="quiet">
          <Icon name="search" />
          <span className="sr-only">{t('queue.search_button')}</span>
        </SubmitButton>
      </ActionForm>
      <span aria-hidden="true">
        <kbd>/</kbd>
      </span>
    </search>
  )
}

/** Returns the search text if this page shows its results, otherwise an empty string. */
async function soughtHere(): Promise<string> {
  const [{ pathname }, sent] = await Promise.all([currentPage(), headers()])
  const found = new URLSearchParams(sent.get('x-search') ?? '').get('found')
  if (pathname !== '/admin/cases' || found === null) return ''
  return (await openForSession<string>('case-search', found)) ?? ''
}
