import '#server-only'
import { z } from 'zod'
import { isOwned } from '#features/alerts/alerts/rules.ts'
import { findUnknownNumbers } from '#features/alerts/consents/data.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { askQuestion } from '#features/exchange/questions/acts.ts'
import { carriersIn, findCarriersAskedWhose } from '#features/exchange/questions/data.ts'
import { carriersToLookUp } from '#features/exchange/questions/rules.ts'
import { OPTIONAL_PURPOSES } from '#features/reporting/steps/consents-rules.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { isTestImei } from '#lib/imei/imei.ts'
import { carrierHint } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inOwnScope, inScope } from '#platform/scope.ts'
import { openCaseFile } from '../particulars/data.ts'
import { findCase, hasConsent, lockCase } from '../record/data.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'

/**
 * Asks a carrier whether the reporter's number was seen in the reported phone. Requires the consent for it, and allows only a
 * number and a phone of the file.
 */
export const askCarrierOfCase = act({
  name: 'question.ask',
  once: (actorId) => `case.ask_carrier:${actorId}`,
  permission: 'case:decide',
  faults: 'case',
  within: inOwnScope,
  input: z.object({
    number: z.string().max(40, 'general.invalid'),
    /** Index of the number among the file's phone numbers, from 0. The number itself is in no form. */
    askNumber: z.coerce
      .number('case.no_such_number')
      .int('case.no_such_number')
      .min(0, 'case.no_such_number'),
    askImei: z.string().max(15, 'case.no_such_imei'),
    askCarrier: z.string().min(1, 'case.no_such_carrier').max(40, 'case.no_such_carrier'),
  }),
  async run({ tx, actor, input: { number, askNumber, askImei: imei, askCarrier: carrierId }, now }) {
    const scope = staffScope(actor)
    if (!scope) return refuse('forbidden')
    const c = await findCase(scope, { number }, tx)
    if (!c) return refuse('not_found')
    if (!ACTIVE_STATES.includes(c.state)) return refuse('closed')
    if (!(await hasConsent(c.id, 'sim_question', tx))) return refuse('no_consent')
    const { key, particulars, imeis } = await openCaseFile(c, tx)
    const msisdn = particulars.phoneNumbers[askNumber]
    if (msisdn === undefined) return refuse('no_such_number', 'askNumber')
    if (!imeis.some((one) => one.imei === imei)) return refuse('no_such_imei', 'askImei')
    const about = { kind: 'number_in_imei', imei } as const
    const asked = await askQuestion(tx, actor, { key, carrierId, msisdn, about, at: now })
    if (asked.ok) return logged(true)
    return refuse(asked.error, asked.error === 'no_such_carrier' ? 'askCarrier' : 'form')
  },
})

/**
 * Asks the next carriers whether the numbers that banks may be told of are the person's, by the id number of their report. Does
 * nothing if there is nothing to ask or no carrier left to ask.
 */
export const askWhose = (caseId: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      // Waits for a transaction that ends the case and takes its questions back.
      await lockCase(tx, caseId)
      const c = await findCase(systemScope(), { id: caseId }, tx)
      if (!c || c.erasedAt !== null || !ACTIVE_STATES.includes(c.state) || isOwned(c.state)) return
      // A person who took back the consent to ask carriers was told that none is asked about their number any more.
      const where = { caseId: c.id, purpose: { in: [...OPTIONAL_PURPOSES] }, withdrawnAt: { not: null } }
      if ((await tx.consent.count({ where })) > 0) return
      const { key, particulars, imeis } = await openCaseFile(c, tx)
      const { idKind, nationalId: idNumber, contact, phoneNumbers } = particulars
      // Nobody is told anything without a contact, or about a practice case.
      if (idKind === null || contact === null || imeis.some(({ imei }) => isTestImei(imei))) return
      // The lookup of the phones that the number was in sends the same id number, so its answer also says whose number it is.
      const isLookedUp = c.imeiUnknown && (await hasConsent(c.id, 'imei_of_number', tx))
      const active = await carriersIn(tx)
      for (const msisdn of await findUnknownNumbers(tx, key)) {
        if (isLookedUp && msisdn === phoneNumbers[0]) continue
        const asked = await findCarriersAskedWhose(tx, key, msisdn)
        for (const carrierId of carriersToLookUp(asked, carrierHint(msisdn), active)) {
          const about = { kind: 'subscriber_of_number', subscriber: { idKind, idNumber } } as const
          await askQuestion(tx, { kind: 'system' }, { key, carrierId, msisdn, about, at: now })
        }
      }
    }),
  )
