import '#server-only'
import { findReadImei } from '#features/evidence/readings/data.ts'
import { askQuestion } from '#features/exchange/questions/acts.ts'
import { carriersIn, findCarriersAsked, findNamedImei } from '#features/exchange/questions/data.ts'
import { carriersToLookUp } from '#features/exchange/questions/rules.ts'
import { deviceOf } from '#features/lookup-tables/data.ts'
import { describePhone } from '#features/reporting/steps/phone-rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { type Imei, parseImei } from '#lib/imei/imei.ts'
import { carrierHint, type Msisdn } from '#lib/person/phone-number.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { findCase, hasConsent, lockCase, readStatedPhone } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'
import { addCasePhones } from '../submission/data.ts'
import type { GivenImei } from './rules.ts'

/**
 * Returns the IMEIs given for a case: the typed ones, or the one chosen among those that carriers named (for a citizen only if
 * police released it) or that a machine read on the evidence.
 */
export async function readGivenImeis(
  tx: Tx,
  caseId: string,
  given: GivenImei | null | undefined,
  by: 'citizen' | 'police',
): Promise<Result<readonly Imei[], CaseRefusal>> {
  if (!given) return err('imei_missing')
  if ('typed' in given) return ok(given.typed)
  const named =
    'read' in given
      ? await findReadImei(tx, caseId, given.read)
      : await findNamedImei(tx, caseId, given.chosen, by === 'citizen')
  const imei = named === null ? null : parseImei(named)
  return imei?.ok ? ok([imei.value]) : err('imei_not_named')
}

/**
 * Adds IMEIs to a case. If it had none, the TAC table's facts about the phone are written with them. This claims nothing yet.
 */
export async function addImeis(
  tx: Tx,
  { id, imeiUnknown }: Pick<CaseSnapshot, 'id' | 'imeiUnknown'>,
  imeis: readonly Imei[],
): Promise<void> {
  const rows = imeis.map(({ imei, key }) => ({ imei, key14: key }))
  await addCasePhones(tx, id, rows)
  const [first] = imeis
  if (!imeiUnknown || first === undefined) return
  const device = await deviceOf(first.tac, tx)
  const { mismatch, ...described } = describePhone(await readStatedPhone(id, tx), device)
  const known = { tacManufacturer: device?.manufacturer ?? null, tacModel: device?.model ?? null }
  const data = { ...described, ...known, tacMismatch: mismatch }
  await tx.case.update({ where: { id }, data, select: { id: true } })
}

/**
 * Asks the next carriers in which phones the number of a report without an IMEI was, on the consent given with the report. Does
 * nothing if there is nothing to ask, or nobody left to ask.
 */
export const lookUpImei = (caseId: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      // Waits for a transaction that ends the case, sets its IMEI or withdraws the consent.
      await lockCase(tx, caseId)
      const c = await findCase(systemScope(), { id: caseId }, tx)
      if (!c?.imeiUnknown || c.erasedAt !== null || !ACTIVE_STATES.includes(c.state)) return
      if (!(await hasConsent(c.id, 'imei_of_number', tx))) return
      const { key, particulars } = await openCaseFile(c, tx)
      const [msisdn] = particulars.phoneNumbers
      const { idKind, nationalId: idNumber } = particulars
      if (msisdn === undefined || idKind === null) return
      const [asked, active] = [await findCarriersAsked(tx, c.id), await carriersIn(tx)]
      for (const carrierId of carriersToLookUp(asked, carrierHint(msisdn as Msisdn), active)) {
        // A carrier that gets letters cannot be asked. No other carrier is told the person's id number in its place.
        const about = { kind: 'imei_of_number', subscriber: { idKind, idNumber } } as const
        await askQuestion(tx, { kind: 'system' }, { key, carrierId, msisdn, about, at: now })
      }
    }),
  )
