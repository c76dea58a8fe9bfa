import '#server-only'
import { isOwned } from '#features/alerts/alerts/rules.ts'
import { findUnknownNumbers } from '#features/alerts/consents/data.ts'
import { askQuestion } from '#features/exchange/questions/acts.ts'
import { carriersIn, findCarriersAskedWhose } from '#features/exchange/questions/data.ts'
import { carriersToLookUp } from '#features/exchange/questions/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { isTestImei } from '#lib/imei/imei.ts'
import { carrierHint } from '#lib/person/phone-number.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction, uniqueViolation } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { openCaseFile } from '../particulars/data.ts'
import { findCase, hasConsent, lockCase } from '../record/data.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'

export interface AskInput {
  readonly number: string
  readonly submitKey: string
  /** The position of the number among the file's phone numbers, from 0: the number itself travels in no form. */
  readonly phoneNumber: number
  readonly imei: string
  readonly carrierId: string
}

export type CarrierQuestionRefusal =
  | 'forbidden'
  | 'not_found'
  | 'case_over'
  | 'no_consent'
  | 'no_such_number'
  | 'no_such_imei'
  | 'no_such_carrier'
  | 'asked'

/**
 * Asks a carrier whether the reporter's number was seen in the reported phone, at most once for a `submitKey`. Only
 * with the consent that was given for it; only of a number and a phone that stand in the file.
 */
export async function askCarrierOfCase(
  actor: StaffActor,
  input: AskInput,
  now: Instant,
): Promise<Result<true, CarrierQuestionRefusal>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:decide')) return err('forbidden')
  try {
    return await inScope(scope, () =>
      actOnce<true, CarrierQuestionRefusal>(input.submitKey, `case.ask_carrier:${actor.id}`, now, (tx) =>
        ask(tx, scope, actor, input, now),
      ),
    )
  } catch (error) {
    // A colleague asked the same in the same moment.
    if (uniqueViolation(error)?.includes('one_open_question')) return err('asked')
    throw error
  }
}

async function ask(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  input: AskInput,
  now: Instant,
): Promise<Result<true, CarrierQuestionRefusal>> {
  const c = await findCase(scope, { number: input.number }, tx)
  if (!c) return err('not_found')
  if (!ACTIVE_STATES.includes(c.state)) return err('case_over')
  if (!(await hasConsent(c.id, 'sim_question', tx))) return err('no_consent')
  const { key, particulars, imeis } = await openCaseFile(c, tx)
  const msisdn = particulars.phoneNumbers[input.phoneNumber]
  if (msisdn === undefined) return err('no_such_number')
  if (!imeis.some(({ imei }) => imei === input.imei)) return err('no_such_imei')
  const { imei, carrierId } = input
  const asked = await askQuestion(tx, actor, {
    key,
    carrierId,
    msisdn,
    about: { kind: 'number_in_imei', imei },
    at: now,
  })
  return asked.ok ? ok(true) : asked
}

/**
 * Asks the next carriers whether the numbers that banks may be told of are the person's, by the id number of their report;
 * harmless when there is nothing to ask, or nobody to be asked any more.
 */
export const askWhose = (caseId: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      // Waits for a transaction that ends the case and takes its questions back.
      await lockCase(tx, caseId)
      const c = await findCase(systemScope(), { id: caseId }, tx)
      if (!c || c.erasedAt !== null || !ACTIVE_STATES.includes(c.state) || isOwned(c.state)) return
      const { key, particulars, imeis } = await openCaseFile(c, tx)
      const { idKind, nationalId: idNumber, contact, phoneNumbers } = particulars
      // Nobody is told anything without a contact, or of practice.
      if (idKind === null || contact === null || imeis.some(({ imei }) => isTestImei(imei))) return
      // Which phones the number was in is asked with the same id number: its answer says whose it is, too.
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
