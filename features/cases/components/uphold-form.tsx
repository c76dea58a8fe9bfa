import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { ErrorPlace } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { Checklist, type Claim } from './checklist.tsx'

export interface UpholdFormProps {
  readonly action: FormAction
  /** The case whose page it stands on, and the version of it that was read. */
  readonly number: string
  readonly version: number
  /** The number of the case that it upholds. */
  readonly upheld: string
  /** The facts that the upheld case claims, for the checklist. */
  readonly claim: Claim
  /** The field that asks for a code. */
  readonly code: ReactNode
}

/** Upholds one side of a conflict, which the button names by its number. Every other side reads the reason. */
export async function UpholdForm({ action, number, version, upheld, claim, code }: UpholdFormProps) {
  const t = await getTranslations('case-staff.uphold')
  return (
    <ActionForm action={action} scope={`uphold-${upheld}`} className="stack">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <HiddenField name="upheld" value={upheld} />
      <ErrorPlace name="evidence" />
      <Checklist claim={claim} />
      <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} rows={3} />
      {code}
      <div className="space-y-1.5">
        {/* No side looks like the suggested one. */}
        <SubmitButton name="decision" value="uphold" look="quiet">
          {t('button', { number: upheld })}
        </SubmitButton>
        <p className="text-sm text-soft">{t('does')}</p>
      </div>
    </ActionForm>
  )
}
