import '#server-only'
import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { everythingShared } from '#features/alerts/consents/data.ts'
import { knownAreas } from '#features/areas/data.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { listEntriesOfCase } from '#features/audit/entries/data.ts'
import { caseForCitizen, readFileForCitizen } from '#features/cases/citizen/data.ts'
import { listConsents } from '#features/cases/file/page-data.ts'
import { listReleasedPhones } from '#features/cases/imeis/data.ts'
import { movesThat } from '#features/cases/moves/rules.ts'
import { exported } from '#features/cases/particulars/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { lastBoxes, unitOfDecision } from '#features/cases/remedies/last-box-rules.ts'
import type { CitizenEvent } from '#features/cases/timeline/rules.ts'
import { findListing } from '#features/citizens/data.ts'
import { whoLooked } from '#features/disclosures/openings/data.ts'
import {
  type FileReader,
  isDamaged,
  isLost,
  listEvidence,
  listEvidenceWithHashes,
  openEvidence,
} from '#features/evidence/files/page-data.ts'
import { downloadName, type EvidenceItem } from '#features/evidence/files/rules.ts'
import { listReadings } from '#features/evidence/readings/data.ts'
import type { FileReading } from '#features/evidence/readings/rules.ts'
import { carrierStates } from '#features/exchange/case-orders/data.ts'
import { type CaseQuestion, listQuestions } from '#features/exchange/questions/data.ts'
import { sightingTimes } from '#features/exchange/sightings/data.ts'
import { lawsInForce } from '#features/lookup-tables/data.ts'
import { noticesOf } from '#features/notices/data.ts'
import { devicesOf } from '#features/push/data.ts'
import { recoveryTimes } from '#features/recovery/data.ts'
import { NOTHING_OPEN, openTexts } from '#features/reporting/fields/columns-rules.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { listRequests } from '../requests/data.ts'
import type { PersonalData } from './rules.ts'

export type ExportFormat = 'json' | 'pdf' | 'zip'

/** The newest audit entries; far more than any case has. */
const MOST_ENTRIES = 1000

/**
 * Returns all data about a case and its person, for the person to download, and audits the download. Returns null without full
 * access, which needs the secret.
 */
export const exportData = (scope: CaseScope, caseId: string, format: ExportFormat, now: Instant) =>
  inScope(scope, () => gather(scope, caseId, format, now))

async function gather(
  scope: CaseScope,
  caseId: string,
  format: ExportFormat,
  now: Instant,
): Promise<PersonalData | null> {
  const [view, file] = await Promise.all([caseForCitizen(scope, caseId), readFileForCitizen(scope, caseId)])
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
    shares,
    sightings,
    recovery,
    devices,
  ] = await Promise.all([
    knownAreas(),
    listEvidenceWithHashes(scope, caseId),
    listReadings(scope, caseId),
    carrierStates(scope, caseId),
    listQuestions(scope, caseId),
    noticesOf(file.key),
    listConsents(caseId),
    listRequests(caseId),
    findListing(scope, caseId, null),
    listEntriesOfCase(caseId, MOST_ENTRIES),
    whoLooked(scope, caseId),
    everythingShared(scope, caseId),
    sightingTimes(scope, caseId),
    recoveryTimes(scope, caseId),
    devicesOf(scope),
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
      // Not blocked like the others: they are not on the papers yet.
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
    sightings,
    recovery: { ...watchTimes(c, view.events), ...recovery },
    shares,
    messages,
    devices: devices.map(({ service, madeAt, lastSuccessAt }) => ({ service, madeAt, lastSuccessAt })),
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

/** Returns when the person asked for a watch, and until when it runs or ran. After a watch only the history has its end. */
function watchTimes(c: CaseSnapshot, events: readonly CitizenEvent[]) {
  const approved = events.find(({ move, to }) => move === 'approve' && to === 'watching')
  const ended = events
    .toReversed()
    .find(({ seq, to }) => approved && seq > approved.seq && to !== 'watching' && to !== 'unblock_review')
  return {
    wishedAt: events.find(({ move }) => move === 'watch')?.at ?? null,
    watchUntil: c.watchUntil ?? ended?.at ?? null,
  }
}

const ANSWERS: readonly string[] = movesThat((rule) => rule.answersRequest === true)

const answersOf = (
  events: readonly CitizenEvent[],
  { askedAt, decidedAt }: { readonly askedAt: Instant; readonly decidedAt: Instant | null },
) =>
  events.toReversed().flatMap(({ at, move, message }) => {
    const within = at >= askedAt && (decidedAt === null || at <= decidedAt)
    return ANSWERS.includes(move) && within && message ? [{ at, message }] : []
  })

/** Exports a question. It has only those phones in the answer that police released to the person. */
const questionIn = async (question: CaseQuestion): Promise<PersonalData['questions'][number]> => ({
  kind: question.kind,
  carrier: question.carrierName,
  phoneNumber: question.msisdn,
  imei: question.imei,
  named:
    question.releasedAt === null
      ? null
      : (await listReleasedPhones([question])).map(({ name, ending }) => ({ name, ending })),
  askedAt: question.askedAt,
  answeredAt: question.answeredAt,
})

/** Exports a file's readings without their position in the picture, which the person can see. */
function readIn(reading: FileReading | undefined): PersonalData['evidence'][number]['read'] {
  if (!reading?.readAt) return null
  const found = reading.found.map(({ imei, page, method }) => ({ imei, page, method }))
  return { at: reading.readAt, found }
}

interface Gap {
  readonly name: string
  readonly why: 'lost' | 'damaged' | 'infected'
}

export type SayGaps = (gaps: readonly Gap[]) => { readonly name: string; readonly text: string }

/**
 * Yields all data of a case as one ZIP: the JSON, and the original files under `files/`. Reads the next chunk only when the last
 * one was taken, so that at most one chunk of a file is in memory. If files are lost or damaged in the store, a text file at the
 * end names them; the person still gets the others.
 *
 * @throws when the store does not answer: the person can ask again for the incomplete archive
 */
export async function* makeArchive(
  scope: CaseScope,
  caseId: string,
  data: PersonalData,
  sayGaps: SayGaps,
  now: Instant,
): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  const addText = (name: string, text: string) => {
    const entry = new ZipDeflate(name)
    zip.add(entry)
    entry.push(strToU8(text), true)
  }
  addText(`an-tam-${data.case.number}.json`, JSON.stringify(data, null, 2))
  yield* made.splice(0)
  const reader = { scope, actor: { kind: 'citizen' } } as const
  const gaps: Gap[] = []
  for (const [index, item] of (await listEvidence(scope, caseId)).entries()) {
    // Numbered, because two files may have the same name.
    const name = `files/${String(index + 1).padStart(2, '0')}-${downloadName(item.fileName, item.mediaType)}`
    const content = await contentOf(reader, item, now)
    if (content === null) continue
    if (typeof content === 'string') {
      gaps.push({ name, why: content })
      continue
    }
    // Pictures and PDFs are compressed already.
    const entry = new ZipPassThrough(name)
    zip.add(entry)
    try {
      for await (const chunk of content) {
        entry.push(chunk)
        yield* made.splice(0)
      }
    } catch (error) {
      if (!isDamaged(error)) throw error
      gaps.push({ name, why: 'damaged' })
    }
    entry.push(new Uint8Array(0), true)
    yield* made.splice(0)
  }
  if (gaps.length > 0) {
    const { name, text } = sayGaps(gaps)
    addText(name, text)
  }
  zip.end()
  yield* made.splice(0)
}

async function contentOf(reader: FileReader, { id, closed }: EvidenceItem, now: Instant) {
  if (closed === 'infected') return closed
  try {
    return (await openEvidence(reader, id, 'original', now))?.content ?? null
  } catch (error) {
    if (!isLost(error)) throw error
    return 'lost'
  }
}
