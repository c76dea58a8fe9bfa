import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { SHARED_VERDICTS, type SharedVerdict } from '../rules/shared-word.ts'

export interface SharedWordsProps {
  readonly carrierId: string
  readonly words: {
    readonly count: number
    readonly cases: readonly string[]
    readonly asked: {
      readonly count: number
      readonly verdict: SharedVerdict
      readonly note: string
      readonly byId: string
    } | null
  }
  /** The person who reads this. */
  readonly staffId: string
  readonly ask: FormAction
  readonly confirm: FormAction
  readonly stepUp: ReactNode
}

/** Shows the words of a carrier that wait for the relay, and lets one person propose and another confirm. */
export async function SharedWords({ carrierId, words, staffId, ask, confirm, stepUp }: SharedWordsProps) {
  const t = await getTranslations('carrier-flags.words')
  const { asked } = words
  return (
    <Card id="shared-words">
      <h2>{t('title')}</h2>
      <p>{t('text', { count: words.count })}</p>
      <p className="wrap-anywhere">{t('cases', { cases: words.cases.join(', ') })}</p>
      {asked === null ? null : (
        <>
          <p className="wrap-anywhere" data-shared-asked={asked.verdict}>
            {t('asked', { verdict: asked.verdict, count: asked.count, note: asked.note })}
          </p>
          {asked.byId === staffId ? (
            <p>{t('own')}</p>
          ) : (
            <ActionForm action={confirm} scope={`shared-confirm-${carrierId}`} className="stack">
              <HiddenField name="carrierId" value={carrierId} />
              <HiddenField name="verdict" value={asked.verdict} />
              {stepUp}
              <p className="actions">
                <SubmitButton>{t('confirm')}</SubmitButton>
              </p>
            </ActionForm>
          )}
        </>
      )}
      <ActionForm action={ask} scope={`shared-ask-${carrierId}`} className="stack">
        <HiddenField name="carrierId" value={carrierId} />
        <Radios
          name="verdict"
          label={t('verdict')}
          options={SHARED_VERDICTS.map((value) => ({ value, label: t(value) }))}
        />
        <TextArea name="note" label={t('note')} rows={2} />
        <p className="actions">
          <SubmitButton look="quiet">{t('ask')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
