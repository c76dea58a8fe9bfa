import { getTranslations } from 'next-intl/server'
import { OtpField } from '#components/form/otp-field.tsx'
import { asksForCode } from '#http/session.ts'

/**
 * Renders the field `otp` of a form whose act wants a code no older than five minutes (`stepUp` of its action). `acts` names
 * those that do, where the form has others too.
 */
export async function StepUpField({ acts }: { readonly acts?: readonly string[] }) {
  if (acts?.length === 0) return null
  const [t, asked] = await Promise.all([getTranslations('admin.step_up'), asksForCode()])
  const hint = acts ? t('hint_for', { acts: acts.join(', ') }) : t('hint')
  return <OtpField label={t('label')} hint={hint} asked={asked} />
}
