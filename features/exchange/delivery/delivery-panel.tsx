import type { ReactNode } from 'react'
import type { FormAction } from '#lib/form-state.ts'
import { SigningSecrets } from '../keys/signing-secrets.tsx'
import { PushState } from '../push/push-state.tsx'
import { PushTries } from '../push/push-tries.tsx'
import { DeliveryForm } from './delivery-form.tsx'
import type { Delivery, WayStanding } from './rules.ts'

interface Asked {
  readonly askedBy: string
}

export interface DeliveryPanelProps {
  readonly carrierId: string
  readonly delivery: Delivery
  readonly standing: WayStanding
  /** What waits for a second person. */
  readonly asked: { readonly way: Asked | null; readonly secret: Asked | null }
  /** The requests of the reader that were confirmed, and whose secret was not taken. */
  readonly toTake: readonly string[]
  readonly actions: {
    readonly set: FormAction
    readonly resume: FormAction
    readonly test: FormAction
    readonly makeSecret: FormAction
    readonly takeSecret: FormAction
    readonly endSecret: FormAction
  }
  /** The field for a fresh code, where one is due. */
  readonly stepUp: ReactNode
}

/** Renders everything about how lines reach a carrier, on the relay's page and on the carrier's own. */
export function DeliveryPanel({
  carrierId,
  delivery,
  standing,
  asked,
  toTake,
  actions,
  stepUp,
}: DeliveryPanelProps) {
  const { way, webhook } = delivery
  return (
    <>
      <DeliveryForm
        carrierId={carrierId}
        delivery={delivery}
        standing={standing}
        action={actions.set}
        stepUp={stepUp}
        askedBy={asked.way?.askedBy ?? null}
      />
      {webhook === null ? null : (
        <>
          <PushState carrierId={carrierId} way={way} webhook={webhook} resume={actions.resume} />
          <SigningSecrets
            carrierId={carrierId}
            secrets={webhook.secrets}
            make={actions.makeSecret}
            take={actions.takeSecret}
            toTake={toTake}
            askedBy={asked.secret?.askedBy ?? null}
            end={actions.endSecret}
            stepUp={stepUp}
          />
          <PushTries carrierId={carrierId} tries={webhook.tries} test={actions.test} />
        </>
      )}
    </>
  )
}
