import '#server-only'
import { randomUUID } from 'node:crypto'
import { versionOn } from '#features/agencies/rules.ts'
import { KIOSK_PACE, KIOSK_PEOPLE, weekOf } from '#features/kiosks/rules.ts'
import type { Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { findAnsweredQuestionnaire } from '#features/questionnaires/versions/data.ts'
import { isHeld, takesAnswers, takesKeptAnswers, trialOf } from '#features/questionnaires/versions/rules.ts'
import type { LimitKind } from '#lib/access/limits.ts'
import { householdOf } from '#lib/access/network.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { DAY, HOUR, type Instant, localDate, SECOND } from '#lib/time.ts'
import { keyedHash, randomBuffer } from '#platform/crypto.ts'
import { transaction, wasUndone } from '#platform/db.ts'
import { processMetrics } from '#platform/metrics.ts'
import { counterFor, onceADay } from '#platform/rate-limits/commands.ts'
import { withSemaphore } from '#platform/semaphore.ts'
import { flowCounters } from '../flows/data.ts'
import { SIGN_LIMITS, signsOf } from '../integrity/rules.ts'
import { findStanding, hashToken, inDraws } from '../invitations/data.ts'
import { type InvitationStanding, readToken } from '../invitations/rules.ts'
import { countAnswer } from '../mixing/acts.ts'
import { publish } from '../publication/acts.ts'
import {
  type AdmissionRequest,
  countAtKiosk,
  countSubmission,
  type KioskRequest,
  returnAdmission,
  returnAtKiosk,
} from './admission-data.ts'
import {
  hashReceipt,
  type NewResponse,
  type RatedVersion,
  readDossierKey,
  readRatingContext,
  recordAlone,
  recordIn,
} from './data.ts'
import { measureElapsed, readProof } from './proof-acts.ts'
import {
  type AnswerChannel,
  KIOSK_ACT,
  newReceiptNumber,
  RATING_ACT,
  type Rating,
  type RatingFaults,
  type ReceiptNumber,
  readRating,
} from './rules.ts'

/** The sender of a rating. The sender is counted, but nothing about them is kept. */
type Sender =
  | {
      readonly kind: 'address'
      /** From `clientAddress`. Counted under a hash that changes each day, and stored nowhere else. */
      readonly address: string
      /** The form's `issued` and `proof` fields, unchecked. */
      readonly issued: string
      readonly proof: string
    }
  | {
      readonly kind: 'kiosk'
      readonly kioskId: string
      /** The second at which the answer was given. */
      readonly at: Instant
      /** The most answers of the kiosk in an hour. */
      readonly ceiling: number
    }
  | {
      readonly kind: 'invitation'
      readonly token: string
    }

export interface SentRating {
  readonly agencyId: string
  readonly questionnaireVersion: number
  readonly typed: RawForm
  readonly submitKey: string
  readonly sender: Sender
  readonly channel?: AnswerChannel
}

export type RatingRefusal =
  | { readonly kind: 'faults'; readonly faults: RatingFaults }
  /** There is no such agency. */
  | { readonly kind: 'gone' }
  /** These questions are no longer asked; their replacements may share some. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'limit'; readonly retryAfterSeconds: number }
  /** From a kiosk: another answer came too close in time, or the hour is full. */
  | { readonly kind: 'pace' | 'full' }
  | { readonly kind: 'invitation'; readonly standing: Exclude<InvitationStanding, 'open'> }

/** The agency did not exist on the day of the service. Its page names the agency that did. */
const CLOSED: RatingRefusal = { kind: 'faults', faults: { serviceDate: 'serviceDate.closed' } }

/**
 * Records an anonymous rating. The same form sent again, even at the same time, is one rating with the same receipt number. A
 * dossier code counts once a year. An answer that a rule excludes is kept but not counted, and has a receipt too.
 */
export async function rate(sent: SentRating, now: Instant): Promise<Result<ReceiptNumber, RatingRefusal>> {
  const { versions, questionnaires } = await readRatingContext(sent.agencyId, localDate(now))
  if (versions.length === 0) return err({ kind: 'gone' })
  const takes = sent.sender.kind === 'kiosk' ? takesKeptAnswers : takesAnswers
  const questionnaire = await findAnsweredQuestionnaire(sent.questionnaireVersion, questionnaires, now, takes)
  if (questionnaire === null) return err({ kind: 'replaced' })
  const read = readRating(sent.typed, questionnaire.questions, now)
  if (!read.ok) return err({ kind: 'faults', faults: read.error })
  const agency = versionOn(versions, read.value.serviceDate)
  if (agency === null) return err(CLOSED)
  const response = await prepare(sent, agency, read.value, now)
  const dates = questionnaires.find(({ version }) => version === questionnaire.version)
  const { sender } = sent
  if (sender.kind === 'kiosk')
    return shareSameSubmission(sent.submitKey, () => recordAtKiosk(response, sender, now))
  if (sender.kind === 'invitation')
    return shareSameSubmission(sent.submitKey, () => recordInvited(response, sender.token, now))
  const turn = `rating ${agency.id} ${questionnaire.version}`
  return shareSameSubmission(sent.submitKey, () =>
    withSemaphore(turn, TURNS, () =>
      record(
        {
          ...response,
          trial: trialOf(questionnaire.version, questionnaires, now),
          held: dates !== undefined && isHeld(dates),
        },
        { ...sent, sender },
        questionnaire,
        now,
      ),
    ),
  )
}

type RatingResult = Result<ReceiptNumber, RatingRefusal>
const underWay = new Map<string, Promise<RatingResult>>()

/** Runs the work for a form once: of two at once, one could be admitted as a person and the other recorded. */
function shareSameSubmission(submitKey: string, work: () => Promise<RatingResult>): Promise<RatingResult> {
  const running = underWay.get(submitKey)
  if (running) return running
  const started = work().finally(() => underWay.delete(submitKey))
  underWay.set(submitKey, started)
  return started
}

/**
 * Answers to one agency run two at a time, since one counts its sender while the other is recorded. After `patience` milliseconds
 * an answer goes ahead anyway. All at once they would wait for the agency's row in the database, each with a connection, and a
 * release would undo most of them.
 */
const TURNS = { limit: 2, patience: 5_000 }

type Prepared = Omit<NewResponse, 'exclusion' | 'person' | 'kiosk' | 'invitation'>

type AtAddress = Sender & { readonly kind: 'address' }
type AtKiosk = Sender & { readonly kind: 'kiosk' }

/** Counts the sender, then records the answer, in two transactions, so that no row of one names the other. */
async function record(
  response: Prepared,
  sent: SentRating & { readonly sender: AtAddress },
  questionnaire: Questionnaire,
  now: Instant,
): Promise<RatingResult> {
  const request = await requestOf(sent, response.agency.id, now)
  const admitted = await countSubmission(request, now)
  if (admitted.outcome === 'limit') return err({ kind: 'limit', retryAfterSeconds: admitted.wait })
  if (admitted.outcome === 'again') return ok(admitted.receipt)
  const { exclusion, person } = admitted
  try {
    const recorded = await recordOnce(
      { ...response, exclusion, person, kiosk: null, invitation: null },
      questionnaire,
      now,
    )
    if (recorded.outcome === 'recorded' || recorded.outcome === 'tenth') {
      countAnswer(now)
      processMetrics()?.ratings.inc({ channel: response.channel })
      return ok(recorded.receipt)
    }
    await returnAdmission(request, admitted, recorded.outcome === 'again', now)
    if (recorded.outcome === 'again') return ok(recorded.receipt)
    return err(
      recorded.outcome === 'used' ? { kind: 'faults', faults: { dossierCode: 'dossierCode.used' } } : CLOSED,
    )
  } catch (error) {
    // Gives the proof and the address's count back, because the same form will be sent again.
    if (wasUndone(error)) await returnAdmission(request, admitted, true, now).catch(() => {})
    throw error
  }
}

/** Records an answer in one statement or, if it is the tenth, in the transaction that publishes them. */
async function recordOnce(response: NewResponse, questionnaire: Questionnaire, now: Instant) {
  const alone = await recordAlone(response)
  if (alone !== null) return alone
  return transaction(async (tx) => {
    const recorded = await recordIn(tx, response)
    if (recorded.outcome === 'tenth') await publish(tx, response.agency.id, questionnaire, now)
    return recorded
  })
}

/** The fields that a form does not ask for: a kiosk asks for no words, and the procedure of an invited person is known. */
const NOT_ASKED = {
  address: {},
  kiosk: { procedure: null, dossierCode: null, comment: null, suggestion: null },
  invitation: { procedure: null, dossierCode: null },
} as const

async function prepare(
  { submitKey, questionnaireVersion, sender, channel = 'web' }: SentRating,
  agency: RatedVersion,
  given: Rating,
  now: Instant,
): Promise<Prepared> {
  const rating = { ...given, ...NOT_ASKED[sender.kind] }
  const receipt = newReceiptNumber(randomBuffer)
  return {
    submitKey,
    act: sender.kind === 'kiosk' ? KIOSK_ACT : RATING_ACT,
    agency,
    questionnaireVersion,
    channel,
    rating,
    receivedMonth: `${localDate(now).slice(0, 7)}-01`,
    newId: randomUUID,
    receipt,
    receiptHash: hashReceipt(receipt),
    dossier: rating.dossierCode === null ? null : await dossier(rating.dossierCode, now),
  }
}

async function requestOf(
  { submitKey, sender }: SentRating & { readonly sender: AtAddress },
  agencyId: string,
  now: Instant,
): Promise<AdmissionRequest> {
  const counter = (kind: LimitKind, subject = '') => counterFor(kind, `${sender.address}\0${subject}`, now)
  const signs = signsOf(measureElapsed(sender.issued, now))
  return {
    submitKey,
    proof: sender.proof === '' ? null : await readProof(sender.proof, now),
    limits: [counter('survey_address')],
    limitsWithoutProof: [counter('survey_unproven'), counter('survey_unproven_day')],
    signs: signs.map((reason) => ({ reason, ...counter(SIGN_LIMITS[reason], agencyId) })),
    // One answer per network, agency and day counts, for any version of the questions. The key changes each day and is deleted at
    // midnight. LIMIT_SCALE does not apply.
    network: onceADay('survey_person', [householdOf(sender.address), agencyId].join('\0'), now),
    flow: flowCounters(agencyId, now),
  }
}

/** Returns a kiosk's counters at the time of an answer. They end at a midnight, so that they reveal no time. */
function kioskRequest(submitKey: string, { kioskId, at, ceiling }: AtKiosk, now: Instant): KioskRequest {
  const key = (kind: string, number: number) => keyedHash('limit', `${kind}\0${kioskId}\0${number}`)
  const until = 2 * DAY + onceADay('', '', now).window
  const second = Math.floor(at.getTime() / SECOND)
  const hour = Math.floor(at.getTime() / HOUR)
  const near = Array.from({ length: 2 * KIOSK_PACE - 1 }, (_, n) => second + n + 1 - KIOSK_PACE)
  return {
    ...{ submitKey, kioskId },
    near: near.map((one) => key('kiosk_second', one)),
    second: { keyHash: key('kiosk_second', second), amount: 1, window: until },
    ceiling: { keyHash: key('kiosk_hour', hour), amount: ceiling, window: until },
    people: { keyHash: key('kiosk_people', hour), amount: KIOSK_PEOPLE, window: until },
  }
}

/** Counts the kiosk, then records the answer among those of its week, in two transactions as for an address. */
async function recordAtKiosk(response: Prepared, sender: AtKiosk, now: Instant): Promise<RatingResult> {
  const request = kioskRequest(response.submitKey, sender, now)
  const admitted = await countAtKiosk(request, now)
  if (admitted.outcome === 'again') return ok(admitted.receipt)
  if (admitted.outcome === 'pace') return err({ kind: 'pace' })
  if (admitted.outcome === 'limit') return err({ kind: 'full' })
  const kiosk = { week: weekOf(sender.at), person: admitted.person }
  try {
    const recorded = await recordAlone({
      ...response,
      exclusion: null,
      person: false,
      kiosk,
      invitation: null,
    })
    if (recorded?.outcome === 'recorded') {
      countAnswer(now)
      processMetrics()?.ratings.inc({ channel: response.channel })
      return ok(recorded.receipt)
    }
    await returnAtKiosk(request, now)
    return recorded?.outcome === 'again' ? ok(recorded.receipt) : err(CLOSED)
  } catch (error) {
    // The same form will be sent again.
    if (wasUndone(error)) await returnAtKiosk(request, now).catch(() => {})
    throw error
  }
}

/** Spends an invitation and records its answer in one transaction, so that of two at once only one is recorded. */
async function recordInvited(response: Prepared, typed: string, now: Instant): Promise<RatingResult> {
  const token = readToken(typed)
  const refused = (standing: Exclude<InvitationStanding, 'open'>) =>
    err({ kind: 'invitation', standing } as const)
  if (token === null) return refused('broken')
  const invitation = { hash: hashToken(token), at: now }
  // A statement outside a transaction declares no scope, and would find no invitation.
  const { outcome, receipt } = await inDraws(() =>
    transaction((tx) =>
      recordIn(tx, { ...response, exclusion: null, person: false, kiosk: null, invitation }),
    ),
  )
  if (outcome === 'again') return ok(receipt)
  if (outcome === 'uninvited') {
    const standing = await findStanding(typed, response.agency.id, now)
    return refused(standing === 'open' ? 'over' : standing)
  }
  if (outcome !== 'recorded') return err(CLOSED)
  countAnswer(now)
  processMetrics()?.ratings.inc({ channel: 'invitation' })
  return ok(receipt)
}

async function dossier(code: string, now: Instant): Promise<NewResponse['dossier']> {
  const year = Number(localDate(now).slice(0, 4))
  const key = await readDossierKey(year, randomBuffer(32))
  return { year, hash: keyedHash(`dossier:${Buffer.from(key).toString('hex')}`, code) }
}
