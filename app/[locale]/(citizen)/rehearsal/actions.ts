'use server'
import { randomInt } from 'node:crypto'
import { z } from 'zod'
import {
  answerStage,
  beginRehearsal,
  passStage,
  type Rehearsal,
  type Stage,
  sendRehearsal,
  stageBefore,
  takeCaseStep,
} from '#features/rehearsal/rules.ts'
import { reportContext } from '#features/reporting/drafts/page-data.ts'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import type { AnswerStep } from '#features/reporting/steps/rules.ts'
import { type ActionContext, type ActionOutcome, citizenAction } from '#http/action.ts'
import { endRehearsal, keepRehearsal, openedRehearsal } from '#http/rehearsal.ts'
import { hasRehearsal } from '#http/settings.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/** The raw form, one value per field; the rules validate it. */
const schema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]),
)
type Form = Readonly<Record<string, string>>

const pageAt = (locale: Locale, step?: Stage) =>
  pathFor(locale, step === undefined ? '/rehearsal' : { pathname: '/rehearsal', query: { step } })

export const beginRehearsalAction = citizenAction({ schema }, async (_, { locale, now }) => {
  if (!hasRehearsal()) return { to: missingPath(locale) }
  await keepRehearsal(beginRehearsal(randomInt), now)
  return { to: pageAt(locale) }
})

export const endRehearsalAction = citizenAction({ schema }, async (_, { locale }) => {
  await endRehearsal()
  return { to: pageAt(locale) }
})

/** Runs an act for a browser that rehearses; without a rehearsal it begins a new one. */
const rehearsing =
  (act: (rehearsal: Rehearsal, form: Form, context: ActionContext) => Promise<ActionOutcome>) =>
  async (form: Form, context: ActionContext): Promise<ActionOutcome> => {
    if (!hasRehearsal()) return { to: missingPath(context.locale) }
    const rehearsal = await openedRehearsal(context.now)
    return rehearsal === null ? { to: pageAt(context.locale) } : act(rehearsal, form, context)
  }

const answers = (stage: AnswerStep) =>
  rehearsing(async (before, form, { locale, now }) => {
    const { rehearsal, faults } = answerStage(before, stage, form, await reportContext(now))
    await keepRehearsal(rehearsal, now)
    if (form.step === 'back') return { to: pageAt(locale, stageBefore(stage)) }
    return Object.keys(faults).length > 0 ? { faults } : { to: pageAt(locale) }
  })

export const rehearseIncidentAction = citizenAction({ schema }, answers('incident'))
export const rehearseContactAction = citizenAction({ schema }, answers('contact'))
export const rehearsePhoneAction = citizenAction({ schema }, answers('phone'))
export const rehearsePersonAction = citizenAction({ schema }, answers('person'))

export const rehearseCodeAction = citizenAction(
  { schema },
  rehearsing(async (rehearsal, form, { locale, now }) => {
    if (form.step === 'another') return { to: pageAt(locale, 'code') }
    const typed = (form.contactCode ?? '').replace(/\D/g, '')
    if (typed !== rehearsal.code)
      return { faults: { contactCode: `report.code.${typed === '' ? 'empty' : 'wrong'}` } }
    await keepRehearsal(passStage(rehearsal, 'code'), now)
    return { to: pageAt(locale) }
  }),
)

export const rehearseReviewAction = citizenAction(
  { schema },
  rehearsing(async (rehearsal, form, { locale, now }) => {
    if (form.step === 'back') return { to: pageAt(locale, stageBefore('review')) }
    if (rehearsal.at !== 'review') return { to: pageAt(locale) }
    const missing = CONSENTS.filter(({ field, required }) => required && form[field] !== 'on')
    if (missing.length > 0)
      return { faults: Object.fromEntries(missing.map(({ field }) => [field, `report.${field}.empty`])) }
    await keepRehearsal(sendRehearsal(rehearsal, now), now)
    return { to: pageAt(locale) }
  }),
)

export const rehearseStepAction = citizenAction(
  { schema },
  rehearsing(async (rehearsal, form, { locale, now }) => {
    // A second press comes from an outdated page and is ignored.
    if (form.taken === String(rehearsal.steps.length)) await keepRehearsal(takeCaseStep(rehearsal, now), now)
    return { to: pageAt(locale) }
  }),
)
