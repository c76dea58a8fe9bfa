'use server'
import { z } from 'zod'
import { setReleaseMode } from '#features/exchange/commands/release-mode.ts'
import { askRelease, sendBatch } from '#features/exchange/releases/acts.ts'
import { RELEASE_MODES } from '#features/exchange/rules/guard.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const act = { submitKey: requiredSubmitKey, releaseId: z.uuid('general.invalid') }
const outcome = z.enum(['sending', 'withholding'], 'general.invalid')

/** Ids of cases, from checkboxes or hidden fields of one name. */
const withheld = z
  .union([z.uuid('general.invalid').transform((id) => [id]), z.array(z.uuid('general.invalid'))])
  .default([])

const toRelease = (locale: Locale, release: string) => ({
  to: pathFor(locale, { pathname: '/admin/orders/releases/[release]', params: { release } }),
})

/** Returns the fault of a refusal: about a field, beside it; otherwise above the form. */
function refused(error: string) {
  if (error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  const field = { reason_missing: 'reason', times_invalid: 'releaseTimes' }[error] ?? 'form'
  return { faults: { [field]: `release.${error}` } }
}

export const askReleaseAction = staffAction(
  {
    schema: z.object({
      ...act,
      outcome,
      withheld,
      reason: z.string().max(500, 'release.reason_too_long').default(''),
    }),
    permission: 'order:release',
    stepUp: true,
  },
  async (actor, input, { locale, now }) => {
    const done = await askRelease(actor, input, now)
    return done.ok ? toRelease(locale, input.releaseId) : refused(done.error)
  },
)

export const sendBatchAction = staffAction(
  { schema: z.object(act), permission: 'order:release', stepUp: true },
  async (actor, input, { locale, now }) => {
    const done = await sendBatch(actor, input, now)
    return done.ok ? toRelease(locale, input.releaseId) : refused(done.error)
  },
)

export const setReleaseModeAction = staffAction(
  {
    schema: z.object({
      submitKey: requiredSubmitKey,
      carrierId: z.string().max(40),
      releaseMode: z.enum(RELEASE_MODES, 'general.invalid'),
      releaseTimes: z.string().max(200, 'release.times_invalid').default(''),
    }),
    permission: 'order:release',
    stepUp: true,
  },
  async (actor, { carrierId, releaseTimes: times, ...input }, { locale, now }) => {
    const done = await setReleaseMode(actor, { ...input, times, carrierId: carrierId || null }, now)
    if (!done.ok)
      return done.error === 'request_open' || done.error === 'no_auditor'
        ? { faults: { form: `approval.${done.error}` } }
        : refused(done.error)
    return { to: pathFor(locale, done.value === 'requested' ? '/admin/approvals' : '/admin/orders/releases') }
  },
)
