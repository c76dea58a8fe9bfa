import type { ReactNode } from 'react'
import type { FormAction } from '#lib/form-state.ts'
import type { WayStanding } from '../rules/way-change.ts'
import type { Delivery } from '../rules/ways.ts'
import { DeliveryForm } from './delivery-form.tsx'
import { PushState } from './push-state.tsx'
import { PushTries } from './push-tries.tsx'
import { SigningSecrets } from './signing-secrets.tsx'

export interface DeliveryPanelProps {
  readonly carrierId: string
  readonly delivery: Delivery
  readonly standing: WayStanding
  readonly actions: {
    readonly set: FormAction
    readonly resume: FormAction
    readonly test: FormAction
    readonly makeSecret: FormAction
    readonly endSecret: FormAction
  }
  /** The field for a fresh code, where one is due. */
  readonly stepUp: ReactNode
}

/** Renders everything about how lines reach a carrier, on the relay's page and on the carrier's own. */
export function DeliveryPanel({ carrierId, delivery, standing, actions, stepUp }: DeliveryPanelProps) {
  const { way, webhook } = delivery
  return (
    <>
      <DeliveryForm
        carrierId={carrierId}
        delivery={delivery}
        standing={standing}
        action={actions.set}
        stepUp={stepUp}
      />
      {webhook === null ? null : (
        <>
          <PushState carrierId={carrierId} way={way} webhook={webhook} resume={actions.resume} />
          <SigningSecrets
            carrierId={carrierId}
            secrets={webhook.secrets}
            make={actions.makeSecret}
            end={actions.endSecret}
            stepUp={stepUp}
          />
          <PushTries carrierId={carrierId} tries={webhook.tries} test={actions.test} />
        </>
      )}
    </>
  )
}
