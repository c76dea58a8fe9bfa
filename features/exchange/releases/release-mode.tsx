import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { RELEASE_MODES, type ReleaseMode } from './rules.ts'

export interface ReleaseModesProps {
  readonly carriers: readonly {
    readonly id: string
    readonly name: string
    readonly releaseMode: ReleaseMode
    readonly releaseTimes: readonly string[]
  }[]
  readonly action: FormAction
  /** The field for a fresh code. */
  readonly stepUp: ReactNode
}

/** Shows how blocks go out to each carrier, with the form that changes it for one or for all. */
export async function ReleaseModes({ carriers, action, stepUp }: ReleaseModesProps) {
  const t = await getTranslations('releases.mode')
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <SummaryList
        rows={carriers.map(({ id, name, releaseMode, releaseTimes }) => ({
          key: id,
          term: name,
          value: releaseMode === 'at_times' ? t('at', { times: releaseTimes.join(', ') }) : t(releaseMode),
        }))}
      />
      <ActionForm action={action} scope="mode" initial={{ releaseMode: 'automatic' }} className="stack">
        <Select
          name="carrierId"
          label={t('carrier')}
          placeholder={t('all')}
          options={carriers.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Radios
          name="releaseMode"
          label={t('how')}
          options={RELEASE_MODES.map((mode) => ({ value: mode, label: t(mode), hint: t(`${mode}_hint`) }))}
        />
        <Field name="releaseTimes" label={t('times')} hint={t('times_hint')} width="medium" optional />
        {stepUp}
        <p className="actions">
          <SubmitButton look="quiet">{t('save')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
