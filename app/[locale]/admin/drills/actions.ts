'use server'
import { z } from 'zod'
import { startDrill, stopDrill } from '#features/exchange/commands/drill.ts'
import { DRILL_PHASES, DRILL_PHONES } from '#features/exchange/rules/drill.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const phases: readonly number[] = DRILL_PHASES

export const startDrillAction = staffAction(
  {
    schema: z.object({
      submitKey: requiredSubmitKey,
      carrierId: z.string('drill.carrier').min(1, 'drill.carrier').max(40, 'drill.carrier'),
      phones: z.coerce
        .number('drill.phones')
        .int('drill.phones')
        .min(DRILL_PHONES.min, 'drill.phones')
        .max(DRILL_PHONES.max, 'drill.phones'),
      phaseMinutes: z.coerce.number('drill.phase').refine((one) => phases.includes(one), 'drill.phase'),
    }),
    permission: 'drill:run',
  },
  async (actor, wish, { locale, now }) => {
    const started = await startDrill(actor, wish, now)
    if (started.ok) {
      return { to: pathFor(locale, { pathname: '/admin/drills/[drill]', params: { drill: started.value } }) }
    }
    if (started.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    return { faults: { carrierId: started.error === 'running' ? 'drill.running' : 'drill.carrier' } }
  },
)

export const stopDrillAction = staffAction(
  {
    schema: z.object({ submitKey: requiredSubmitKey, drillId: z.uuid('general.invalid') }),
    permission: 'drill:run',
  },
  async (actor, input, { locale, now }) => {
    const stopped = await stopDrill(actor, input, now)
    if (stopped.ok) {
      return { to: pathFor(locale, { pathname: '/admin/drills/[drill]', params: { drill: input.drillId } }) }
    }
    if (stopped.error === 'ended') return { faults: { form: 'drill.ended' } }
    return { faults: { form: stopped.error === 'forbidden' ? 'sign_in.not_allowed' : 'general.invalid' } }
  },
)
