import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { DeviceSwitch, KeptOffline } from './device-switch.tsx'
import { MOST_DEVICES } from './rules.ts'

export interface DevicesCardProps {
  /** Of the case; null for a list of phones. */
  readonly number: string | null
  readonly devices: readonly {
    readonly id: string
    readonly service: string
    readonly madeAt: Instant
    readonly lastSuccessAt: Instant | null
    readonly isHere: boolean
  }[]
  /** True if this browser is told of anything, of this case or of another. */
  readonly told: boolean
  /** The key with which the browser asks its push service; null if push is not offered. */
  readonly publicKey: string | null
  readonly choose: FormAction
  readonly stop: FormAction
  readonly now: Instant
}

/** Renders the devices that are told of news, each with a way to stop it, and offers this one if it may be a person's own. */
export async function DevicesCard({ number, devices, told, publicKey, choose, stop, now }: DevicesCardProps) {
  const [t, locale] = await Promise.all([getTranslations('push.card'), getLocale()])
  const offered =
    publicKey !== null && devices.length < MOST_DEVICES && !devices.some(({ isHere }) => isHere)
      ? publicKey
      : null
  const kept = (
    <KeptOffline
      told={told}
      language={locale}
      seenAt={number === null ? null : formatInstant(locale, now, 'moment')}
    />
  )
  const says = <p className="text-sm">{number === null ? t('textPhones') : t('text')}</p>
  const none = devices.length === 0
  const form =
    offered === null ? null : (
      <ActionForm action={choose} scope="device" className="stack needs-script">
        {number === null ? null : <HiddenField name="caseNumber" value={number} />}
        <FoldedFields summary={none ? t('title') : t('more')} names={['ownDevice']} stored>
          {none ? says : null}
          <Checkbox name="ownDevice" label={t('own')} />
          <DeviceSwitch
            publicKey={offered}
            words={{
              ...{ on: t('on'), asking: t('asking'), homeScreen: t('homeScreen') },
              ...{ denied: t('denied'), failed: t('failed') },
            }}
          />
        </FoldedFields>
      </ActionForm>
    )
  if (none && form === null) return kept
  if (none)
    return (
      <div id="devices" className="print-hidden">
        {kept}
        {form}
      </div>
    )
  return (
    <Card id="devices" className="stack print-hidden">
      {kept}
      <h2>{t('title')}</h2>
      {says}
      <ul className="divide-y divide-line border-y border-line">
        {devices.map(({ id, service, madeAt, lastSuccessAt, isHere }) => {
          const at = formatInstant(locale, madeAt, 'moment')
          return (
            <li
              key={id}
              className="flex max-w-none flex-wrap items-center justify-between gap-x-3 gap-y-1 py-2"
              data-device={isHere ? 'here' : 'other'}
            >
              <span className="text-sm">
                {t('since', { at })}
                {isHere ? <b> · {t('here')}</b> : null}
                <span className="block text-soft">
                  {service}
                  {lastSuccessAt === null
                    ? null
                    : ` · ${t('last', { at: formatInstant(locale, lastSuccessAt, 'moment') })}`}
                </span>
              </span>
              <StopForm which={id} number={number} action={stop}>
                {t('stop')} <span className="sr-only">{t('stopOf', { at })}</span>
              </StopForm>
            </li>
          )
        })}
      </ul>
      {devices.length < 2 ? null : (
        <StopForm which="all" number={number} action={stop}>
          {t('stopAll')}
        </StopForm>
      )}
      {form}
    </Card>
  )
}

const StopForm = ({
  which,
  number,
  action,
  children,
}: {
  readonly which: string
  readonly number: string | null
  readonly action: FormAction
  readonly children: ReactNode
}) => (
  <ActionForm action={action} scope={`stop-${which}`} className="">
    {number === null ? null : <HiddenField name="caseNumber" value={number} />}
    <HiddenField name="device" value={which} />
    <SubmitButton look="quiet" size="small">
      {children}
    </SubmitButton>
  </ActionForm>
)
