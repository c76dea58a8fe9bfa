import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { DRILL_PHASES, DRILL_PHONES } from '#features/exchange/rules/drill.ts'
import { startDrillAction } from './actions.ts'

const HOUR = 60
const initial = { phones: '5', phaseMinutes: String(DRILL_PHASES[0]) }

/** Starts a drill of one of these carriers; where there is but one, of that. */
export async function StartForm({
  carriers,
}: {
  readonly carriers: readonly { readonly id: string; readonly name: string }[]
}) {
  const t = await getTranslations('drills')
  const [only, ...others] = carriers
  return (
    <ActionForm action={startDrillAction} initial={initial} className="stack">
      {only && others.length === 0 ? (
        <HiddenField name="carrierId" value={only.id} />
      ) : (
        <Select
          name="carrierId"
          label={t('carrier')}
          placeholder={t('choose')}
          options={carriers.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <Field
        name="phones"
        label={t('phones')}
        hint={t('phones_hint', DRILL_PHONES)}
        inputMode="numeric"
        width="short"
      />
      <Radios
        name="phaseMinutes"
        label={t('phase')}
        hint={t('phase_hint')}
        options={DRILL_PHASES.map((minutes) => ({
          value: String(minutes),
          label: minutes < HOUR ? t('minutes', { count: minutes }) : t('hours', { count: minutes / HOUR }),
        }))}
      />
      <p>{t('does')}</p>
      <p className="actions">
        <SubmitButton>{t('button')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
