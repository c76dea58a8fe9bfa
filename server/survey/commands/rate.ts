import '#server-only'
import { randomUUID } from 'node:crypto'
import { err, ok, type Result } from '#domain/result.ts'
import { versionOn } from '#domain/survey/lineage.ts'
import type { Questionnaire } from '#domain/survey/questionnaire.ts'
import { type Rating, type RatingFaults, readRating } from '#domain/survey/rating.ts'
import { newReceiptNumber, type ReceiptNumber } from '#domain/survey/receipt.ts'
import type { Typed } from '#domain/survey/typed.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { withinLimit } from '#server/limits/commands.ts'
import { keyedHash, random } from '#server/platform/crypto.ts'
import type { Tx } from '#server/platform/db.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { type AgencyOnDay, holdVersion, versionsOf } from '../repository/agencies.ts'
import { dossierKey, takeDossierCode } from '../repository/dossiers.ts'
import { countOne } from '../repository/publication.ts'
import { answeredQuestionnaire } from '../repository/questionnaires.ts'
import { addResponse } from '../repository/responses.ts'
import { publish } from './publish.ts'

export interface SentRating {
  readonly agencyId: string
  /** The version of the questions that the form was made of. */
  readonly questionnaireVersion: number
  /** The form's fields as they came. */
  readonly typed: Typed
  readonly submitKey: string
  /** From `clientAddress`: counted by a hash that changes each day, and kept nowhere else. */
  readonly address: string
}

export type RatingRefusal =
  | { readonly kind: 'faults'; readonly faults: RatingFaults }
  /** The agency is none. */
  | { readonly kind: 'gone' }
  /** These questions are asked no longer; those that took their place may share some. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'limit' }

/** The agency was not there on the day of the service: who was stands on its page. */
const CLOSED: RatingRefusal = { kind: 'faults', faults: { serviceDate: 'serviceDate.closed' } }

/**
 * Takes an anonymous rating. The same form sent again, also at once, is one rating and answers the same receipt
 * number; a dossier code counts once a year.
 */
export async function rate(sent: SentRating, now: Instant): Promise<Result<ReceiptNumber, RatingRefusal>> {
  const versions = await versionsOf(sent.agencyId, localDate(now))
  if (versions.length === 0) return err({ kind: 'gone' })
  const questionnaire = await answeredQuestionnaire(sent.questionnaireVersion, now)
  if (questionnaire === null) return err({ kind: 'replaced' })
  const read = readRating(sent.typed, questionnaire.questions, now)
  if (!read.ok) return err({ kind: 'faults', faults: read.error })
  const agency = versionOn(versions, read.value.serviceDate)
  if (agency === null) return err(CLOSED)
  if (!(await withinLimit('survey_address', sent.address, now)).allowed) return err({ kind: 'limit' })
  return actOnce(sent.submitKey, 'survey.rate', now, (tx) =>
    record(tx, agency, questionnaire, read.value, now),
  )
}

async function record(
  tx: Tx,
  agency: AgencyOnDay,
  questionnaire: Questionnaire,
  rating: Rating,
  now: Instant,
): Promise<Result<ReceiptNumber, RatingRefusal>> {
  if (!(await holdVersion(tx, agency.versionId, rating.serviceDate))) return err(CLOSED)
  if (rating.dossierCode !== null && !(await claimDossier(tx, rating.dossierCode, now))) {
    return err({ kind: 'faults', faults: { dossierCode: 'dossierCode.used' } })
  }
  const receipt = newReceiptNumber(random)
  const { version } = questionnaire
  const receivedMonth = new Date(`${localDate(now).slice(0, 7)}-01`)
  await addResponse(
    tx,
    { id: randomUUID(), agency, questionnaireVersion: version, rating, receivedMonth },
    { newId: randomUUID, receiptHash: receiptHash(receipt) },
  )
  // Last, as it holds the agency's row: others wait for it no longer than they must.
  if (await countOne(tx, { agencyId: agency.id, questionnaireVersion: version })) {
    await publish(tx, agency.id, questionnaire, now)
  }
  return ok(receipt)
}

async function claimDossier(tx: Tx, code: string, now: Instant): Promise<boolean> {
  const year = Number(localDate(now).slice(0, 4))
  const key = await dossierKey(tx, year, random(32))
  return takeDossierCode(tx, year, keyedHash(`dossier:${Buffer.from(key).toString('hex')}`, code))
}

/** The hash under which a receipt number is kept. */
export const receiptHash = (number: ReceiptNumber): Uint8Array<ArrayBuffer> =>
  keyedHash('survey-receipt', number)
