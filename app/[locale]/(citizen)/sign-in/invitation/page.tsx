import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { invitedBy } from '#server/accounts/loaders.ts'
import { acceptInvitationAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('sign-in'))('invitation.title'), referrer: 'no-referrer' }
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function InvitationPage({ searchParams }: Props) {
  const [{ token }, t] = await Promise.all([searchParams, getTranslations('sign-in')])
  const account = typeof token === 'string' ? await invitedBy(token, new Date()) : null
  if (!account || typeof token !== 'string') {
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
  return (
    <div className="stack-l max-w-measure">
      <div className="stack">
        <h1>{t('invitation.title')}</h1>
        <p>{t('invitation.lead', { name: account.name, email: account.email })}</p>
      </div>
      <ActionForm action={acceptInvitationAction}>
        <HiddenField name="token" value={token} />
        <Field
          name="password"
          label={t('invitation.password')}
          hint={t('invitation.hint')}
          type="password"
          autoComplete="new-password"
          width="medium"
        />
        <Field
          name="passwordAgain"
          label={t('invitation.again')}
          type="password"
          autoComplete="new-password"
          width="medium"
        />
        <p className="actions">
          <SubmitButton>{t('invitation.submit')}</SubmitButton>
        </p>
      </ActionForm>
    </div>
  )
}
