import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { countRecoveryCodes } from '#features/accounts/factors/data.ts'
import { RecoveryAnswer } from '#features/accounts/factors/factor-parts.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { StepUpField } from '../step-up-field.tsx'
import { renewRecoveryCodesAction } from './actions.ts'

export const access = 'signed in' satisfies Access

export const generateMetadata = titled('sign-in.recovery', 'title')

export default async function RecoveryCodesPage() {
  const staff = await requireStaff()
  const [t, left] = await Promise.all([getTranslations('sign-in.recovery'), countRecoveryCodes(staff)])
  return (
    <div className="max-w-measure">
      <ActionForm action={renewRecoveryCodesAction}>
        <RecoveryAnswer next="/admin">
          <div className="stack">
            <h1>{t('title')}</h1>
            <p>{t('left', { count: left })}</p>
            <p>{t('renew_does')}</p>
            <StepUpField kind="always" />
            <p className="actions">
              <SubmitButton>{t('renew')}</SubmitButton>
            </p>
          </div>
        </RecoveryAnswer>
      </ActionForm>
    </div>
  )
}
