import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { FormAction } from '#domain/form-state.ts'
import { type ObjectionDecision, objectionRule } from '#domain/objection/moves.ts'

export interface ObjectionDecisionFormProps {
  readonly action: FormAction
  readonly number: string
  readonly version: number
  readonly open: readonly ObjectionDecision[]
  /** Where a code is asked for. */
  readonly code: ReactNode
}

/** Everything that can be decided now, in one form: its reasons first, then a button for each, and what it does. */
export async function ObjectionDecisionForm({
  action,
  number,
  version,
  open,
  code,
}: ObjectionDecisionFormProps) {
  const t = await getTranslations('objection-staff')
  const coded = open.flatMap((decision) => {
    const { codes } = objectionRule(decision)
    return codes
      ? [
          {
            label: t(`decision.${decision}.button`),
            options: codes.map((value) => ({ value, label: t(`code.${value}` as 'code.other') })),
          },
        ]
      : []
  })
  const read = open
    .filter((decision) => objectionRule(decision).textIsPublic)
    .map((decision) => t(`decision.${decision}.button`))
  return (
    <ActionForm action={action} scope="decision" className="stack">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      {coded.length === 0 ? null : (
        <Select
          name="reasonCode"
          label={t('decision.code')}
          hint={t('decision.code_hint')}
          placeholder={t('decision.code_none')}
          options={coded}
        />
      )}
      <TextArea
        name="reason"
        label={t('decision.reason')}
        hint={t('decision.reason_public', { decisions: read.join(', ') })}
        rows={4}
      />
      {code}
      {open.map((decision) => (
        <div key={decision} className="space-y-1.5">
          <SubmitButton
            name="decision"
            value={decision}
            look={decision === 'uphold' ? 'primary' : decision === 'refuse' ? 'danger' : 'quiet'}
            size={decision === 'uphold' ? 'normal' : 'small'}
          >
            {t(`decision.${decision}.button`)}
          </SubmitButton>
          <p className="text-[0.88rem] text-soft">{t(`decision.${decision}.does`)}</p>
        </div>
      ))}
    </ActionForm>
  )
}
