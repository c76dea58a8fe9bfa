import '#server-only'
import { knownAreas } from '#features/areas/data.ts'
import { audit } from '#features/audit/commands.ts'
import { entriesOfCase } from '#features/audit/queries.ts'
import { caseForCitizen, fileForCitizen } from '#features/cases/queries/citizen.ts'
import { releasedPhones } from '#features/cases/queries/named-phones.ts'
import { lastBoxes, unitOfDecision } from '#features/cases/rules/last-box.ts'
import { movesThat } from '#features/cases/rules/moves.ts'
import { exported } from '#features/cases/rules/particulars.ts'
import type { CitizenEvent } from '#features/cases/rules/timeline.ts'
import { listingOf } from '#features/citizens/queries.ts'
import { whoLooked } from '#features/disclosures/queries.ts'
import { readingsOf } from '#features/evidence/queries/readings.ts'
import { evidenceWithHashes } from '#features/evidence/queries.ts'
import type { FileReading } from '#features/evidence/rules/reading.ts'
import { carrierStates } from '#features/exchange/case-orders/data.ts'
import { type CaseQuestion, listQuestions } from '#features/exchange/questions/data.ts'
import { lawsInForce } from '#features/lookup-tables/queries.ts'
import { noticesOf } from '#features/notices/queries.ts'
import { NOTHING_OPEN, openTexts } from '#features/reporting/rules/open-columns.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { consentsOf, requestsOfCase } from '../repository/requests.ts'
import type { PersonalData } from '../rules/personal-data.ts'

/** `zip`: the JSON with the files beside it. */
export type ExportFormat = 'json' | 'pdf' | 'zip'

/** The newest of what was done with a case; far more than ever happens to one. */
const MOST_ENTRIES = 1000

/**
 * Returns everything held of a case and its person, for them to take along; null without the full access that the
 * secret gives. That it was taken is written down.
 */
export const exportData = (
  scope: CaseScope,
  caseId: string,
  format: ExportFormat,
  now: Instant,
): Promise<PersonalData | null> => inScope(scope, () => gather(scope, caseId, format, now))

async function gather(
  scope: CaseScope,
  caseId: string,
  format: ExportFormat,
  now: Instant,
): Promise<PersonalData | null> {
  const [view, file] = await Promise.all([caseForCitizen(scope, caseId), fileForCitizen(scope, caseId)])
  if (!view || !file) return null
  await transaction((tx) =>
    audit(tx, {
      actor: { kind: 'citizen' },
      act: 'case.export',
      subject: { kind: 'case', id: caseId },
      facts: { format },
      at: now,
    }),
  )
  const [
    areas,
    evidence,
    readings,
    carriers,
    questions,
    messages,
    consents,
    requests,
    listing,
    entries,
    looked,
  ] = await Promise.all([
    knownAreas(),
    evidenceWithHashes(scope, caseId),
    readingsOf(scope, caseId),
    carrierStates(scope, caseId),
    listQuestions(scope, caseId),
    noticesOf(file.key),
    consentsOf(caseId),
    requestsOfCase(caseId),
    listingOf(scope, caseId, null),
    entriesOfCase(caseId, MOST_ENTRIES),
    whoLooked(scope, caseId),
  ])
  const { snapshot: c, phone } = view
  return {
    format: 'an-tam/personal-data/1',
    at: now,
    case: {
      number: c.number,
      state: c.state,
      area: c.areaId,
      areaName: areas.get(c.areaId)?.nameVi ?? c.areaId,
      incidentType: c.incidentType,
      incidentAt: view.incidentAt,
      submittedAt: c.submittedAt,
      language: file.locale,
    },
    person: exported(file.particulars),
    phone: {
      ...openTexts(phone ?? NOTHING_OPEN),
      imeis: file.imeis.map(({ imei }) => imei),
      // Not blocked, though the others are: they are not on the papers yet.
      imeisWaiting: phone?.waiting ?? [],
    },
    consents,
    decisions: lastBoxes(c, view.events, lawsInForce().remedies, now).map((box) => ({
      box,
      unit: unitOfDecision(view.units, box.unitId),
    })),
    events: view.events
      .toReversed()
      .map(({ seq, at, move, from, to, by, reasonCode, message, correction }) => ({
        seq,
        at,
        move,
        from,
        to,
        by,
        reasonCode,
        message,
        ...(correction && { correction }),
      })),
    evidence: evidence.map(({ id, kind, fileName, mediaType, byteSize, sha256, createdAt }) => ({
      kind,
      fileName,
      mediaType,
      byteSize,
      sha256,
      receivedAt: createdAt,
      href: `/api/evidence/${id}/original`,
      read: readIn(readings.find(({ evidenceId }) => evidenceId === id)),
    })),
    filesDeletedAt: view.filesDeletedAt,
    carriers: carriers.map(({ carrierId, name, state, sentAt, receivedAt, doneAt }) => ({
      carrier: carrierId,
      name,
      state,
      at: doneAt ?? receivedAt ?? sentAt,
    })),
    questions: await Promise.all(questions.map(questionIn)),
    messages,
    requests: requests.map(({ kind, state, field, askedAt, dueAt, firstDueAt, decidedAt, eventSeq }) => ({
      kind,
      state,
      field,
      askedAt,
      dueAt,
      firstDueAt,
      decidedAt,
      asked: view.events.find(({ seq }) => seq === eventSeq)?.message ?? null,
      correction: view.events.find(({ seq }) => seq === eventSeq)?.correction ?? null,
      answers: answersOf(view.events, { askedAt, decidedAt }),
    })),
    openings: looked.days.map(({ at, unitId, reason }) => ({ at, area: unitId, reason })),
    list: listing && { how: listing.how, addedAt: listing.addedAt },
    accesses: entries.toReversed().map(({ at, act, actorKind }) => ({ at, act, by: actorKind })),
  }
}

const ANSWERS: readonly string[] = movesThat((rule) => rule.answersRequest === true)

/** Returns what police wrote to a request, from its day to the day of its answer. */
const answersOf = (
  events: readonly CitizenEvent[],
  { askedAt, decidedAt }: { readonly askedAt: Instant; readonly decidedAt: Instant | null },
) =>
  events.toReversed().flatMap(({ at, move, message }) => {
    const within = at >= askedAt && (decidedAt === null || at <= decidedAt)
    return ANSWERS.includes(move) && within && message ? [{ at, message }] : []
  })

/** Returns a question as its person takes it along: no more of the phones that were named than police let them see. */
const questionIn = async (question: CaseQuestion): Promise<PersonalData['questions'][number]> => ({
  kind: question.kind,
  carrier: question.carrierName,
  phoneNumber: question.msisdn,
  imei: question.imei,
  named:
    question.releasedAt === null
      ? null
      : (await releasedPhones([question])).map(({ name, ending }) => ({ name, ending })),
  askedAt: question.askedAt,
  answeredAt: question.answeredAt,
})

/** Returns what was read in a file as its person takes it along: not where it stands, which they see. */
function readIn(reading: FileReading | undefined): PersonalData['evidence'][number]['read'] {
  if (!reading?.readAt) return null
  const found = reading.found.map(({ imei, page, method }) => ({ imei, page, method }))
  return { at: reading.readAt, found }
}
