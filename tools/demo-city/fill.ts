import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AuditedAct, makeEntry } from '#features/audit/entries/acts.ts'
import { storageKey, storeBytes } from '#features/evidence/files.ts'
import { questionsSchema } from '#features/questionnaires/questions/rules.ts'
import { lookDue } from '#features/recovery/rules.ts'
import { publishFacts } from '#features/statistics/jobs.ts'
import type { Prisma, PrismaClient } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { Answers, type SurveyRows } from './answers.ts'
import { Chance } from './chance.ts'
import { play } from './history.ts'
import { insertRows } from './insert.ts'
import { type CarrierBook, type OrderRows, writeBooks } from './orders.ts'
import { MODELS } from './phones.ts'
import { drawProof, withOwnFont } from './pictures.ts'
import { Plan } from './plan.ts'
import { makeRegistered, type RegisteredRows } from './registered.ts'
import { type CaseRows, noRows, type Stage } from './stage.ts'

type Tx = Prisma.TransactionClient

const DEMO_ADDRESS = '@demo.example'
/** The age of the demo accounts in days; the first report is younger. */
const STAFF_DAYS = 400
/** The number of files that are stored at the same time. */
const AT_ONCE = 4

/**
 * Fills an unused installation with a small city: a year of survey answers and of reports, as the product's own rules
 * would have left them. It writes all of it or nothing.
 */
export async function fillCity(db: PrismaClient, dataDir: string, now: Instant): Promise<void> {
  const city = await makeCity(db, now)
  await inScope(systemScope(), () =>
    db.$transaction((tx) => writeCity(tx, city, now), { maxWait: 10_000, timeout: 60_000 }),
  )
  // The registers of the demo carriers, with all orders carried out.
  await writeRegisters(join(dataDir, 'eir'), city.orders.books)
  await publishFacts(now)
}

interface City {
  readonly cases: CaseRows
  readonly orders: OrderRows
  readonly survey: SurveyRows
  readonly registered: RegisteredRows
  /** In the order of their times. */
  readonly acts: readonly AuditedAct[]
}

async function makeCity(db: PrismaClient, now: Instant): Promise<City> {
  const people = await peopleOf(db)
  const chance = new Chance(30_042_016)
  const survey = await makeSurvey(db, people, chance, now)
  const files: (() => Promise<void>)[] = []
  const areas = await db.policeArea.findMany({
    where: { edition: { inForce: true } },
    select: { id: true, unitId: true },
  })
  const units = new Map(areas.map(({ id, unitId }) => [id, unitId]))
  const stage: Stage = {
    ...{ rows: noRows(), acts: [], orders: [], people, chance, fileId },
    holidays: new Set((await db.holiday.findMany()).map(({ date }) => date.toISOString().slice(0, 10))),
    unitOf: (areaId) => units.get(areaId) ?? areaId,
    sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
    storeFile(key, id, bytes) {
      for (const version of ['original', 'view'] as const)
        files.push(() => storeBytes(key, id, version, bytes))
      return { originalKey: storageKey(id, 'original'), viewKey: storageKey(id, 'view') }
    },
  }
  const stories = new Plan(
    now,
    areas.map(({ id }) => id),
  ).make()
  const pictures = await withOwnFont(() =>
    Promise.all(stories.map((story) => (story.imeis.length > 0 ? drawProof(story) : undefined))),
  )
  for (const [at, story] of stories.entries()) {
    play(stage, story, pictures[at])
  }
  // A few at a time, because each is a row and a disk write: on a slow disk the last would wait too long for a
  // connection.
  while (files.length > 0) await Promise.all(files.splice(0, AT_ONCE).map((store) => store()))
  const carriers = await db.carrier.findMany({
    where: { active: true },
    orderBy: { ordinal: 'asc' },
    select: { id: true },
  })
  const orders = writeBooks(
    stage.orders,
    carriers.map(({ id }) => id),
    env().LEGAL_BASIS,
  )
  const acts = [...stage.acts, ...orders.acts, ...survey.acts]
  const registered = makeRegistered(stories, now)
  return {
    cases: stage.rows,
    orders,
    survey,
    registered,
    acts: acts.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
  }
}

async function peopleOf(db: PrismaClient): Promise<ReadonlyMap<string, StaffActor>> {
  const accounts = await db.staffAccount.findMany({
    where: { email: { endsWith: DEMO_ADDRESS } },
    select: { id: true, email: true, name: true, role: true, unitId: true, agencyId: true, carrierId: true },
  })
  return new Map(accounts.map(({ email, ...one }) => [email.split('@')[0] ?? '', { kind: 'staff', ...one }]))
}

async function makeSurvey(
  db: PrismaClient,
  people: ReadonlyMap<string, StaffActor>,
  chance: Chance,
  now: Instant,
): Promise<SurveyRows> {
  const first = await db.questionnaire.findFirstOrThrow({ orderBy: { version: 'asc' } })
  const agencies = await db.agencyVersion.findMany({
    where: { validTo: null },
    orderBy: { agency: { ordinal: 'asc' } },
    select: { id: true, agencyId: true, kind: true },
  })
  const voices = {
    viewer: people.get('agency-viewer') ?? { kind: 'system' as const },
    manager: people.get('survey-manager') ?? { kind: 'system' as const },
  }
  return new Answers(now, chance, { ...first, questions: questionsSchema.parse(first.questions) }).make(
    agencies.map(({ id, agencyId, kind }) => ({ id: agencyId, versionId: id, kind })),
    voices,
  )
}

/** Returns the id of the `n`th file. It is the same at each try, so that an interrupted try leaves no stray files. */
function fileId(n: number): string {
  const hex = Buffer.from(keyedHash('demo-city', `file ${n}`)).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

async function writeCity(
  tx: Tx,
  { cases, orders, survey, registered, acts }: City,
  now: Instant,
): Promise<void> {
  // The accounts must be older than their acts.
  const since = addMilliseconds(now, -STAFF_DAYS * DAY)
  const served = { createdAt: since, decidesFrom: since }
  await tx.staffAccount.updateMany({ where: { email: { endsWith: DEMO_ADDRESS } }, data: served })
  await tx.tac.createMany({
    data: MODELS.map(({ tac, brand: manufacturer, model }) => ({ tac, manufacturer, model })),
    skipDuplicates: true,
  })
  await writeSurvey(tx, survey)
  await insertRows(tx, 'case_keys', cases.keys)
  await insertRows(tx, 'cases', cases.cases)
  await insertRows(tx, 'case_imeis', cases.imeis)
  await insertRows(tx, 'evidence', cases.evidence)
  await insertRows(tx, 'evidence_readings', cases.readings)
  await insertRows(tx, 'case_events', cases.events)
  await insertRows(tx, 'proof_checks', cases.checks)
  await insertRows(tx, 'proof_check_imeis', cases.checkedImeis)
  await insertRows(tx, 'disclosures', cases.disclosures)
  await insertRows(tx, 'notices', cases.notices)
  await insertRows(tx, 'work_days', summed(cases.work))
  await insertRows(tx, 'consents', cases.consents)
  await insertRows(tx, 'blind_index', cases.found)
  await insertRows(tx, 'case_keys', registered.keys)
  await insertRows(tx, 'registrants', registered.registrants)
  await insertRows(tx, 'registrant_contacts', registered.contacts)
  await insertRows(tx, 'registered_phones', registered.phones)
  await insertRows(tx, 'registered_imeis', registered.imeis)
  await insertRows(tx, 'consents', registered.consents)
  await insertRows(tx, 'carrier_orders', orders.orders)
  await insertRows(tx, 'book_entries', orders.lines)
  await writeSeen(tx, orders, now)
  for (const { carrierId, head, listed, ackedAt } of orders.books)
    await tx.carrier.update({
      where: { id: carrierId },
      data: { bookHead: head, ackedSeq: head, ackedAt, blocklistSize: listed.size },
      select: { id: true },
    })
  const { id } = await tx.installation.findFirstOrThrow({ select: { id: true } })
  const filled: AuditedAct = {
    actor: { kind: 'system' },
    act: 'installation.demo_filled',
    subject: { kind: 'installation', id },
    facts: { cases: cases.cases.length, responses: survey.responses.length },
    at: now,
  }
  // The accounts changed above, which earlier entries of the audit log describe, need a new record.
  const changed = await tx.staffAccount.findMany({
    where: { email: { endsWith: DEMO_ADDRESS } },
    select: { id: true },
  })
  const renewed = changed.map(
    (one): AuditedAct => ({
      actor: { kind: 'system' },
      act: 'account.renew_record',
      subject: { kind: 'account', id: one.id },
      facts: { why: 'demo' },
      at: now,
    }),
  )
  const loaded: AuditedAct = {
    actor: { kind: 'system' },
    act: 'reference.loaded',
    subject: { kind: 'reference', id: 'tacs' },
    facts: { sets: 'tacs', why: 'demo' },
    at: now,
  }
  await insertRows(tx, 'audit_entries', [...acts, ...renewed, loaded, filled].map(makeEntry))
}

/** Records that a carrier saw a watched phone an hour ago: its police have three hours left to look. */
async function writeSeen(tx: Tx, { orders, lines }: OrderRows, now: Instant): Promise<void> {
  const order = orders.find(({ action, carrierId }) => action === 'watch' && carrierId === 'viettel')
  const line = lines.find(({ orderId }) => orderId === order?.id)
  if (!order?.caseId || !line) return
  const [caseId, at] = [order.caseId, addMilliseconds(now, -HOUR)]
  const seen = { carrierId: 'viettel', orderId: order.id, caseId, imei: line.imei, kind: 'sim_change' }
  await insertRows(tx, 'sightings', [{ ...seen, id: randomUUID(), served: true, at, receivedAt: at }])
  await insertRows(tx, 'recoveries', [{ caseId, seenAt: at, dueAt: lookDue(at) }])
}

/** Sums single counts by day. */
function summed(work: CaseRows['work']): Prisma.WorkDayCreateManyInput[] {
  const same = Map.groupBy(work, (one) => JSON.stringify(one))
  return [...same.values()].flatMap((all) => (all[0] ? [{ ...all[0], count: all.length }] : []))
}

async function writeSurvey(tx: Tx, survey: SurveyRows): Promise<void> {
  await insertRows(
    tx,
    'questionnaires',
    survey.trials.map(({ reachedAt: trialReachedAt, ...row }) => ({ ...row, trialReachedAt })),
  )
  await insertRows(tx, 'survey_trial_forms', survey.forms)
  await insertRows(tx, 'survey_responses', survey.responses)
  await insertRows(tx, 'survey_receipts', survey.receipts)
  await insertRows(tx, 'survey_replies', survey.replies)
  await insertRows(tx, 'survey_comments', survey.comments)
  // A suggestion that others are merged into is written first.
  const into = survey.suggestions.filter(({ mergedIntoId }) => !mergedIntoId)
  await insertRows(tx, 'survey_suggestions', into)
  await insertRows(
    tx,
    'survey_suggestions',
    survey.suggestions.filter((one) => !into.includes(one)),
  )
  await insertRows(tx, 'survey_tallies', survey.tallies)
  await insertRows(tx, 'survey_cells', survey.cells)
  await insertRows(tx, 'survey_months', survey.months)
  await insertRows(tx, 'survey_code_splits', survey.splits)
  await insertRows(tx, 'survey_parts', survey.parts)
  await insertRows(tx, 'survey_volumes', survey.volumes)
  await insertRows(tx, 'survey_benchmarks', survey.benchmarks)
  await insertRows(tx, 'survey_draws', survey.draws)
  await insertRows(tx, 'survey_strata', survey.strata)
  await insertRows(tx, 'survey_invited_responses', survey.invited)
  await insertRows(tx, 'survey_invited_cells', survey.invitedCells)
}

async function writeRegisters(folder: string, books: readonly CarrierBook[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { carrierId, head, chain, listed } of books) {
    const reasons = Object.fromEntries([...listed].map(([imei, reason]) => [imei, [reason]]))
    const path = join(folder, `${carrierId}.json`)
    const taken = { seq: head, chain: chain.toString('hex'), carrier: carrierId, listed: reasons }
    await writeFile(`${path}.new`, JSON.stringify({ ...taken, drilled: {}, owed: [] }))
    await rename(`${path}.new`, path)
  }
}
