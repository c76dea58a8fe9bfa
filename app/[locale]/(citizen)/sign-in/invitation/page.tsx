import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { NewPassword, RecoveryAnswer, TotpSecret } from '#features/accounts/factors/factor-parts.tsx'
import { type Invitation, readInvitation } from '#features/accounts/invitations/data.ts'
import { enrollingBrowser } from '#http/enrolment.ts'
import { invitationSecret } from '#http/invitation.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { acceptInvitationAction } from './actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('sign-in', 'invitation.title')

/** Renders one form for every state of the link: after accepting the invitation, the person still reads their codes in it. */
export default async function InvitationPage() {
  const [browser, secret, staff] = await Promise.all([enrollingBrowser(), invitationSecret(), currentStaff()])
  const invitation = secret === null ? null : await readInvitation(secret, browser, new Date())
  return (
    <div className="max-w-measure break-words">
      <ActionForm action={acceptInvitationAction}>
        <RecoveryAnswer next={{ pathname: '/sign-in', query: { welcome: '1' } }}>
          {staff ? <SignedIn /> : invitation ? <Enrolment invitation={invitation} /> : <Gone />}
        </RecoveryAnswer>
      </ActionForm>
    </div>
  )
}

/** Tells a signed-in person that the link is for the invited person: it opens nothing in another person's session. */
async function SignedIn() {
  const t = await getTranslations('sign-in.invitation')
  return (
    <div className="stack">
      <h1>{t('signed_in')}</h1>
      <p>{t('signed_in_text')}</p>
      <p>
        <Link href="/admin/my-account">{t('to_own')}</Link>
      </p>
    </div>
  )
}

async function Gone() {
  const t = await getTranslations('sign-in')
  return (
    <div className="stack">
      <h1>{t('invitation.gone')}</h1>
      <p>{t('invitation.gone_text')}</p>
      <p>
        <Link href="/sign-in">{t('title')}</Link>
      </p>
    </div>
  )
}

async function Enrolment({ invitation: { name, email, totp } }: { readonly invitation: Invitation }) {
  const t = await getTranslations('sign-in.invitation')
  return (
    <div className="stack-l">
      <div className="stack">
        <h1>{t('title')}</h1>
        <p>{t('lead', { name, email })}</p>
      </div>
      <section className="stack">
        <h2>{t('step_password')}</h2>
        <NewPassword label={t('password')} hint={t('hint')} again={t('again')} />
      </section>
      <section className="stack">
        <h2>{t('step_app')}</h2>
        <p>{t('app_lead')}</p>
        <TotpSecret uri={totp.uri} text={totp.text} />
        <Field name="otp" label={t('otp')} hint={t('otp_hint')} type="code" />
      </section>
      <p className="actions">
        <SubmitButton>{t('submit')}</SubmitButton>
      </p>
    </div>
  )
}
