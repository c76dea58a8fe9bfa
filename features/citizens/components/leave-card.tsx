import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { sentFrom } from '#messages/sender.ts'

/** Shows how to leave: this browser, every browser, for good. */
export async function LeaveCard({ name, forget }: { readonly name: string; readonly forget: FormAction }) {
  const [t, locale] = await Promise.all([getTranslations('identity.in'), getLocale()])
  return (
    <Card>
      <h2 className="text-lg md:text-xl">{t('leaveTitle')}</h2>
      <p className="text-sm text-soft">{t('leaveText', { name })}</p>
      <form
        method="post"
        action={sentFrom(locale, '/api/citizen/sign-out')}
        className="flex flex-col items-start gap-2"
      >
        <Button look="quiet" icon="signOut">
          {t('leave')}
        </Button>
        <Button look="quiet" size="small" name="everywhere" value="1">
          {t('leaveAll')}
        </Button>
      </form>
      <Details summary={t('forget')} look="row">
        <p className="text-sm">{t('forgetText')}</p>
        <ActionForm action={forget} scope="forget" className="stack">
          <p className="actions">
            <SubmitButton look="danger" size="small">
              {t('forgetDo')}
            </SubmitButton>
          </p>
        </ActionForm>
      </Details>
    </Card>
  )
}
