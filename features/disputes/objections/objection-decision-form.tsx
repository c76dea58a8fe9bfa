import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { ErrorPlace } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Checklist, type Claim } from '#features/cases/proof/checklist.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { type ObjectionDecision, objectionRule } from './moves-rules.ts'

interface ObjectionDecisionFormProps {
  readonly action: FormAction
  readonly number: string
  readonly version: number
  readonly open: readonly ObjectionDecision[]
  readonly claim: Claim
  readonly code: ReactNode
}

/** Renders a form for each possible decision. Only the decision itself is open; what may also be done is folded. */
export async function ObjectionDecisionForm({ open, ...props }: ObjectionDecisionFormProps) {
  const t = await getTranslations('objection-staff.decision')
  return open.map((decision) =>
    decision === 'uphold' ? (
      <OneForm key={decision} {...props} decision={decision} />
    ) : (
      <Details key={decision} summary={t(`${decision}.button`)} look="row">
        <OneForm {...props} decision={decision} />
      </Details>
    ),
  )
}

type OneFormProps = Omit<ObjectionDecisionFormProps, 'open'> & { readonly decision: ObjectionDecision }

async function OneForm({ action, number, version, claim, code, decision }: OneFormProps) {
  const t = await getTranslations('objection-staff')
  const { codes } = objectionRule(decision)
  return (
    <ActionForm action={action} scope={decision} className="stack">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      {decision === 'uphold' ? <ErrorPlace name="evidence" /> : null}
      {decision === 'uphold' ? <Checklist claim={claim} move="uphold_objection" of="holder" /> : null}
      {codes ? (
        <Select
          name="reasonCode"
          label={t(`decision.code_${decision}` as 'decision.code_refuse')}
          placeholder={t('decision.code_none')}
          options={codes.map((value) => ({ value, label: t(`code.${value}` as 'code.other') }))}
        />
      ) : null}
      <TextArea name="reason" label={t('decision.reason')} hint={t(`decision.${decision}.read`)} rows={4} />
      {decision === 'uphold' ? code : null}
      <div className="space-y-1.5">
        <SubmitButton
          name="decision"
          value={decision}
          look={decision === 'uphold' ? 'primary' : decision === 'refuse' ? 'danger' : 'quiet'}
          size={decision === 'uphold' ? 'normal' : 'small'}
        >
          {t(`decision.${decision}.button`)}
        </SubmitButton>
        <p className="text-sm text-soft">{t(`decision.${decision}.does`)}</p>
      </div>
    </ActionForm>
  )
}
