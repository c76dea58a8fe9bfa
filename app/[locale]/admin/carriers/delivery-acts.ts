import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { resumePush, setDelivery } from '#features/exchange/commands/delivery.ts'
import { askSecret, endSecret, takeSecret } from '#features/exchange/commands/secrets.ts'
import { askTest } from '#features/exchange/commands/test-message.ts'
import { outcomeOfTest } from '#features/exchange/queries/delivery.ts'
import { DELIVERY_WAYS } from '#features/exchange/rules/ways.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import type { Permission } from '#lib/access/roles.ts'
import { pathFor, type Route } from '#messages/paths.ts'

const ids = { carrierId: z.string().max(40), submitKey: requiredSubmitKey }

const refused = (error: string) => {
  if (error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (error === 'request_open' || error === 'no_auditor' || error === 'not_confirmed')
    return { faults: { form: `approval.${error}` } }
  return { faults: { [error.startsWith('url_') ? 'webhookUrl' : 'form']: `delivery.${error}` } }
}

const DONE = [
  'requested',
  'resumed',
  'test_received',
  'test_failed',
  'test_under_way',
  'secret_ended',
] as const
export type Done = (typeof DONE)[number]

/** Returns what the page's address says was done, where it does. */
export const doneOf = (text: unknown): Done | null => DONE.find((one) => one === text) ?? null

/**
 * Makes the acts that change how lines reach a carrier, for people with `permission`; the commands check which carriers
 * a person may change. After each act `page` is shown and says what was done.
 */
export const deliveryActs = ({
  permission,
  page,
}: {
  readonly permission: Permission
  readonly page: (carrierId: string, done: Done) => Route
}) => ({
  set: staffAction(
    {
      schema: z.object({
        ...ids,
        way: z.enum(DELIVERY_WAYS, 'delivery.way_missing'),
        webhookUrl: z.string().default(''),
        wayVersion: z.coerce.number('general.invalid').int().min(0),
      }),
      permission,
      stepUp: 'always',
    },
    async (actor, { webhookUrl: url, wayVersion: version, ...input }, { locale, now }) => {
      const done = await setDelivery(actor, { ...input, url, version }, now)
      return done.ok ? { to: pathFor(locale, page(input.carrierId, 'requested')) } : refused(done.error)
    },
  ),
  resume: staffAction({ schema: z.object(ids), permission }, async (actor, input, { locale, now }) => {
    const done = await resumePush(actor, input, now)
    return done.ok ? { to: pathFor(locale, page(input.carrierId, 'resumed')) } : refused(done.error)
  }),
  test: staffAction({ schema: z.object(ids), permission }, async (actor, input, { locale, now }) => {
    const done = await askTest(actor, input, now)
    if (!done.ok) return refused(done.error)
    const outcome = await outcomeOfTest(actor, input.carrierId, input.submitKey, now)
    return { to: pathFor(locale, page(input.carrierId, `test_${outcome}`)) }
  }),
  makeSecret: staffAction(
    { schema: z.object(ids), permission, stepUp: 'always' },
    async (actor, input, { locale, now }) => {
      const asked = await askSecret(actor, input, now)
      return asked.ok ? { to: pathFor(locale, page(input.carrierId, 'requested')) } : refused(asked.error)
    },
  ),
  takeSecret: staffAction(
    {
      schema: z.object({ approvalId: z.uuid('general.invalid'), submitKey: requiredSubmitKey }),
      permission,
      stepUp: 'always',
    },
    async (actor, input, { now }) => {
      const made = await takeSecret(actor, input, now)
      if (!made.ok) return refused(made.error)
      // The only time that the secret can be read: it is in this answer and stored sealed.
      return { done: `${(await getTranslations('delivery'))('made')} ${made.value}` }
    },
  ),
  endSecret: staffAction(
    { schema: z.object({ ...ids, secretId: z.uuid('general.invalid') }), permission, stepUp: 'always' },
    async (actor, input, { locale, now }) => {
      const done = await endSecret(actor, input, now)
      return done.ok ? { to: pathFor(locale, page(input.carrierId, 'secret_ended')) } : refused(done.error)
    },
  ),
})
