import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import { SecondPersonNotice } from '#features/approvals/second-person-notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { DELIVERY_WAYS, type Delivery, type DeliveryWay, effectsOf, type WayStanding } from './rules.ts'

export interface DeliveryFormProps {
  readonly carrierId: string
  readonly delivery: Delivery
  readonly standing: WayStanding
  readonly action: FormAction
  /** The field for a fresh code, where one is due. */
  readonly stepUp: ReactNode
  /** Who asked for another way already. */
  readonly askedBy: string | null
}

/** Asks how the lines of its book reach a carrier: chosen by the relay, or by the carrier's own people. */
export async function DeliveryForm({
  carrierId,
  delivery,
  standing,
  action,
  stepUp,
  askedBy,
}: DeliveryFormProps) {
  const t = await getTranslations('delivery')
  const initial = { way: delivery.way, webhookUrl: delivery.webhook?.url ?? '' }
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {askedBy === null ? null : <SecondPersonNotice name={askedBy} />}
      <ActionForm action={action} initial={initial} scope="delivery" className="stack">
        <HiddenField name="carrierId" value={carrierId} />
        <HiddenField name="wayVersion" value={String(delivery.version)} />
        <p>
          <strong>{t(delivery.way)}</strong>
          <br />
          {t(`${delivery.way}_hint`)}
        </p>
        <FoldedFields summary={t('change')} names={['way', 'webhookUrl']} stored>
          <Radios
            name="way"
            label={t('way')}
            options={DELIVERY_WAYS.map((way) => ({ value: way, label: t(way), hint: t(`${way}_hint`) }))}
          />
          <Effects from={delivery.way} standing={standing} />
          <Field name="webhookUrl" label={t('url')} hint={t('url_hint')} optional inputMode="text" />
          {stepUp}
          <p className="actions">
            <SubmitButton>{t('save')}</SubmitButton>
          </p>
        </FoldedFields>
      </ActionForm>
    </Card>
  )
}

/** Says, before a way is chosen, what each would do to lines that are under way. */
async function Effects({ from, standing }: { readonly from: DeliveryWay; readonly standing: WayStanding }) {
  const t = await getTranslations('delivery')
  const changes = DELIVERY_WAYS.map((way) => ({ way, effects: effectsOf(from, way, standing) })).filter(
    ({ effects }) => effects.length > 0,
  )
  if (changes.length === 0) return null
  const { keyUsedAt: _, ...counts } = standing
  return (
    <Notice tone="wait" title={t('effects')}>
      {changes.map(({ way, effects }) => (
        <div key={way} data-effects={way}>
          <p>
            <b>{t('if_changed', { way: t(way) })}</b>
          </p>
          <ul>
            {effects.map((effect) => (
              <li key={effect} data-effect={effect}>
                {t(`effect.${effect}`, counts)}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {standing.keyUsedAt === null ? null : (
        <p>
          {t('key_used')} <Time at={standing.keyUsedAt} />
        </p>
      )}
    </Notice>
  )
}
