import '#server-only'
import { randomUUID } from 'node:crypto'
import type { LimitKind } from '#domain/access/limits.ts'
import { err, ok, type Result } from '#domain/result.ts'
import { SIGN_LIMITS, signsOf } from '#domain/survey/exclusion.ts'
import { versionOn } from '#domain/survey/lineage.ts'
import type { Questionnaire } from '#domain/survey/questionnaire.ts'
import { type Rating, type RatingFaults, readRating } from '#domain/survey/rating.ts'
import { newReceiptNumber, type ReceiptNumber } from '#domain/survey/receipt.ts'
import type { Typed } from '#domain/survey/typed.ts'
import { takesAnswers, takesKeptAnswers } from '#domain/survey/version.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { counterFor, onceADay } from '#server/limits/commands.ts'
import { keyedHash, random } from '#server/platform/crypto.ts'
import { transaction } from '#server/platform/db.ts'
import { type AdmissionRequest, type Admitted, admit, returnAdmission } from '../repository/admission.ts'
import { dossierKey } from '../repository/dossiers.ts'
import { answeredQuestionnaire } from '../repository/questionnaires.ts'
import { type RatedVersion, ratingContext } from '../repository/rating.ts'
import {
  KIOSK_ACT,
  type NewResponse,
  RATING_ACT,
  type Recorded,
  recordAlone,
  recordIn,
  wasReleasedMeanwhile,
} from '../repository/responses.ts'
import { elapsedSince, readProof } from './proof.ts'
import { publish } from './publish.ts'

/** Where a rating comes from: what is counted, and nothing that is kept. */
export type Sender =
  | {
      readonly kind: 'address'
      /** From `clientAddress`: counted by a hash that changes each day, and kept nowhere else. */
      readonly address: string
      /** The form's `issued` and `proof`, as they came. */
      readonly issued: string
      readonly proof: string
    }
  | { readonly kind: 'kiosk'; readonly kioskId: string }

export interface SentRating {
  readonly agencyId: string
  /** The version of the questions that the form was made of. */
  readonly questionnaireVersion: number
  /** The form's fields as they came. */
  readonly typed: Typed
  readonly submitKey: string
  readonly sender: Sender
}

export type RatingRefusal =
  | { readonly kind: 'faults'; readonly faults: RatingFaults }
  /** The agency is none. */
  | { readonly kind: 'gone' }
  /** These questions are asked no longer; those that took their place may share some. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'limit'; readonly retryAfterSeconds: number }

/** The agency was not there on the day of the service: who was stands on its page. */
const CLOSED: RatingRefusal = { kind: 'faults', faults: { serviceDate: 'serviceDate.closed' } }

/**
 * Takes an anonymous rating. The same form sent again, also at once, is one rating and answers the same receipt
 * number; a dossier code counts once a year. What a rule excludes is kept, uncounted, and has its receipt too.
 */
export async function rate(sent: SentRating, now: Instant): Promise<Result<ReceiptNumber, RatingRefusal>> {
  const { versions, questionnaires, batches } = await ratingContext(sent.agencyId, localDate(now))
  if (versions.length === 0) return err({ kind: 'gone' })
  const takes = sent.sender.kind === 'kiosk' ? takesKeptAnswers : takesAnswers
  const questionnaire = await answeredQuestionnaire(sent.questionnaireVersion, questionnaires, now, takes)
  if (questionnaire === null) return err({ kind: 'replaced' })
  const read = readRating(sent.typed, questionnaire.questions, now)
  if (!read.ok) return err({ kind: 'faults', faults: read.error })
  const agency = versionOn(versions, read.value.serviceDate)
  if (agency === null) return err(CLOSED)
  const response = await prepare(sent, agency, read.value, now)
  return together(sent.submitKey, () =>
    record(response, sent, questionnaire, batches[questionnaire.version] ?? 0, now),
  )
}

type RatingResult = Result<ReceiptNumber, RatingRefusal>
const underWay = new Map<string, Promise<RatingResult>>()

/**
 * Returns what the same form, sent at the same moment, comes to. Were each counted, one of them would be admitted as a
 * person and another could be the one that is recorded: the ten people would then lack one.
 */
function together(submitKey: string, work: () => Promise<RatingResult>): Promise<RatingResult> {
  const running = underWay.get(submitKey)
  if (running) return running
  const started = work().finally(() => underWay.delete(submitKey))
  underWay.set(submitKey, started)
  return started
}

type Prepared = Omit<NewResponse, 'exclusion' | 'person' | 'batch'>

/**
 * Counts the sender, and then records the answer: two transactions, so that no row of the one names the other.
 *
 * @param batch how often the agency's answers had been released
 */
async function record(
  response: Prepared,
  sent: SentRating,
  questionnaire: Questionnaire,
  batch: number,
  now: Instant,
): Promise<Result<ReceiptNumber, RatingRefusal>> {
  const request = await requestOf(sent, response.agency.id, batch, now)
  const admitted = await admit(request, now)
  if (admitted.outcome === 'limit') return err({ kind: 'limit', retryAfterSeconds: admitted.wait })
  if (admitted.outcome === 'again') return ok(admitted.receipt)
  const recorded = await recordAdmitted(response, sent, questionnaire, { request, admitted, batch }, now)
  if (recorded.outcome === 'recorded' || recorded.outcome === 'tenth') return ok(recorded.receipt)
  await returnAdmission(request, admitted, recorded.outcome === 'again', now)
  if (recorded.outcome === 'again') return ok(recorded.receipt)
  return err(
    recorded.outcome === 'used' ? { kind: 'faults', faults: { dossierCode: 'dossierCode.used' } } : CLOSED,
  )
}

interface Admission {
  readonly request: AdmissionRequest
  readonly admitted: Admitted
  readonly batch: number
}

/** Where answers are released while this one is on its way, its address is counted again, for the next ten. */
async function recordAdmitted(
  response: Prepared,
  sent: SentRating,
  questionnaire: Questionnaire,
  { request, admitted, batch }: Admission,
  now: Instant,
): Promise<Recorded> {
  const { exclusion, person } = admitted
  try {
    const isCounted = request.person.length > 0
    return await recordOnce(
      { ...response, exclusion, person, batch: isCounted ? batch : null },
      questionnaire,
      now,
    )
  } catch (error) {
    if (!wasReleasedMeanwhile(error)) throw error
    const { batches } = await ratingContext(response.agency.id, localDate(now))
    const next = batches[questionnaire.version] ?? 0
    const again: AdmissionRequest = {
      ...{ submitKey: randomUUID(), proof: null, limits: [], limitsWithoutProof: [], signs: [] },
      person: personOf(sent, next, now),
    }
    const counted = await admit(again, now)
    return recordAdmitted(
      response,
      sent,
      questionnaire,
      { request: again, admitted: { ...admitted, person: counted.person }, batch: next },
      now,
    )
  }
}

/** In one statement, or, where it makes ten, in the transaction that publishes them. */
async function recordOnce(
  response: NewResponse,
  questionnaire: Questionnaire,
  now: Instant,
): Promise<Recorded> {
  const alone = await recordAlone(response)
  if (alone !== null) return alone
  return transaction(async (tx) => {
    const recorded = await recordIn(tx, response)
    if (recorded.outcome === 'tenth') await publish(tx, response.agency.id, questionnaire, now)
    return recorded
  })
}

async function prepare(
  { submitKey, questionnaireVersion, sender }: SentRating,
  agency: RatedVersion,
  rating: Rating,
  now: Instant,
): Promise<Prepared> {
  const receipt = newReceiptNumber(random)
  return {
    submitKey,
    act: sender.kind === 'kiosk' ? KIOSK_ACT : RATING_ACT,
    agency,
    questionnaireVersion,
    rating,
    receivedMonth: `${localDate(now).slice(0, 7)}-01`,
    newId: randomUUID,
    receipt,
    receiptHash: receiptHash(receipt),
    dossier: rating.dossierCode === null ? null : await dossier(rating.dossierCode, now),
  }
}

/** What is counted for a sender. A kiosk's answers are many and quick, and are known to be its own. */
async function requestOf(
  sent: SentRating,
  agencyId: string,
  batch: number,
  now: Instant,
): Promise<AdmissionRequest> {
  const { submitKey, sender } = sent
  if (sender.kind === 'kiosk') {
    const limits = [counterFor('survey_kiosk', sender.kioskId, now)]
    return { submitKey, proof: null, limits, limitsWithoutProof: limits, signs: [], person: [] }
  }
  const counter = (kind: LimitKind, subject = '') => counterFor(kind, `${sender.address}\0${subject}`, now)
  const signs = signsOf(elapsedSince(sender.issued, now))
  return {
    submitKey,
    proof: sender.proof === '' ? null : await readProof(sender.proof, now),
    limits: [counter('survey_address')],
    limitsWithoutProof: [counter('survey_unproven'), counter('survey_unproven_day')],
    signs: signs.map((reason) => ({ reason, ...counter(SIGN_LIMITS[reason], agencyId) })),
    person: personOf(sent, batch, now),
  }
}

/**
 * By which an address is known among those whose answers to one version of the questions wait at one agency. Its name
 * changes with the day and with every release, and it is deleted at midnight; LIMIT_SCALE does not touch it.
 */
function personOf({ sender, agencyId, questionnaireVersion }: SentRating, batch: number, now: Instant) {
  if (sender.kind === 'kiosk') return []
  const subject = [sender.address, agencyId, questionnaireVersion, batch].join('\0')
  return [onceADay('survey_person', subject, now)]
}

async function dossier(code: string, now: Instant): Promise<NewResponse['dossier']> {
  const year = Number(localDate(now).slice(0, 4))
  const key = await dossierKey(year, random(32))
  return { year, hash: keyedHash(`dossier:${Buffer.from(key).toString('hex')}`, code) }
}

/** The hash under which a receipt number is kept. */
export const receiptHash = (number: ReceiptNumber): Uint8Array<ArrayBuffer> =>
  keyedHash('survey-receipt', number)
