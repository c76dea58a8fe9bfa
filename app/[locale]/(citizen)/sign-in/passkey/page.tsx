import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { signOutAction } from '#app/[locale]/admin/actions.ts'
import { AddPasskey } from '#app/[locale]/admin/my-account/add-passkey.tsx'
import { ActionForm } from '#components/form/action-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { enrollingStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'signed in' satisfies Access

export const generateMetadata = titled('sign-in.passkey', 'due_title')

/** Renders the registration of a required passkey; the session has no other access before it. */
export default async function DuePasskeyPage({ searchParams }: PageProps<'/[locale]/sign-in/passkey'>) {
  const [{ callbackUrl }, locale, t, staff] = await Promise.all([
    searchParams,
    getLocale(),
    getTranslations('sign-in.passkey'),
    enrollingStaff(),
  ])
  if (!staff) redirect(pathFor(locale, '/sign-in'))
  const wanted = safeRedirectPath(typeof callbackUrl === 'string' ? callbackUrl : null)
  if (!staff.enrols) redirect(wanted ?? pathFor(locale, '/admin/my-account'))
  return (
    <div className="stack-l max-w-measure">
      <div className="stack">
        <h1>{t('due_title')}</h1>
        <p>{t('due_lead')}</p>
        <p className="text-soft">{t('due_lost')}</p>
      </div>
      <AddPasskey callbackUrl={wanted ?? pathFor(locale, '/admin')} />
      <ActionForm action={signOutAction} scope="sign-out" className="">
        <SubmitButton look="plain">{t('due_leave')}</SubmitButton>
      </ActionForm>
    </div>
  )
}
