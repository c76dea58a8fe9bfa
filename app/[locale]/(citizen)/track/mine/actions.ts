'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { addToList, removeListed } from '#features/cases/list/acts.ts'
import { openListed } from '#features/cases/list/data.ts'
import { forgetIdentity } from '#features/citizens/acts.ts'
import { type ActionOutcome, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { enterCase } from '#http/citizen.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { currentCitizen, endCitizenSession, signInName } from '#http/identity.ts'
import type { IdentityScope } from '#lib/access/scope.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { findSchema } from '../find.ts'

/** Runs an act for the signed-in citizen; otherwise tells that nobody is signed in. */
async function asCitizen(
  locale: Locale,
  act: (scope: IdentityScope) => Promise<ActionOutcome>,
): Promise<ActionOutcome> {
  if (signInName() === null) return { to: missingPath(locale) }
  const citizen = await currentCitizen()
  return citizen ? act(citizen.scope) : { faults: { form: 'identity.signed_out' } }
}

const done = (locale: Locale, what: 'added' | 'let_go' | 'forgotten'): ActionOutcome => ({
  to: pathFor(locale, { pathname: '/track/mine', query: { done: what } }),
})

export const addAction = citizenAction({ schema: findSchema }, (input, { locale, now }) =>
  asCitizen(locale, async (scope) => {
    const typed = { number: input.caseNumber, secret: input.caseSecret }
    const added = await addToList(scope, typed, clientAddress(await headers()), now)
    if (added.ok) return done(locale, 'added')
    const ours = added.error === 'taken' || added.error === 'erased'
    return { faults: { caseSecret: `${ours ? 'identity' : 'track'}.${added.error}` } }
  }),
)

const numberSchema = z.object({ caseNumber: z.string().catch('') })
export const openAction = citizenAction({ schema: numberSchema }, ({ caseNumber }, { locale, now }) =>
  asCitizen(locale, async (scope) => {
    const opened = await openListed(scope, caseNumber)
    if (!opened) return { faults: { form: 'identity.not_found' } }
    await enterCase(opened.caseId, 'full', now, scope)
    return { to: pathFor(locale, { pathname: '/track/[number]', params: { number: opened.number } }) }
  }),
)

const releaseSchema = numberSchema.extend({ submitKey: requiredSubmitKey })
export const letGoAction = citizenAction(
  { schema: releaseSchema },
  ({ caseNumber, submitKey }, { locale, now }) =>
    asCitizen(locale, async (scope) => {
      const gone = await removeListed(scope, caseNumber, now, submitKey)
      return gone ? done(locale, 'let_go') : { faults: { form: 'identity.not_found' } }
    }),
)

export const forgetAction = citizenAction(
  { schema: z.object({ submitKey: requiredSubmitKey }) },
  async ({ submitKey }, { locale, now }) => {
    if (signInName() === null) return { to: missingPath(locale) }
    const citizen = await currentCitizen()
    const forgotten = await forgetIdentity(citizen?.scope ?? null, now, submitKey)
    if (!forgotten.ok) return { faults: { form: 'identity.signed_out' } }
    await endCitizenSession(now)
    return done(locale, 'forgotten')
  },
)
