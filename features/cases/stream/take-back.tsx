import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { KeyCap } from '#components/ui/key-cap.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { buttonOf } from '../decisions/rules.ts'
import type { LastAct } from './data.ts'

export async function TakeBack({
  last: { number, undoable },
  action,
}: {
  readonly last: LastAct
  readonly action: FormAction
}) {
  const t = await getTranslations('case-staff')
  return (
    <ActionForm action={action} scope="take-back" className="">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(undoable)} />
      <SubmitButton
        name="decision"
        value="take_back"
        look="plain"
        size="small"
        shortcut={buttonOf('take_back').key}
      >
        {t('decision.take_back.button')} <span className="sr-only">{number}</span>{' '}
        <KeyCap of={buttonOf('take_back').key} />
      </SubmitButton>
    </ActionForm>
  )
}
