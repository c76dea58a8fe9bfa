import { randomUUID } from 'node:crypto'
import { DISCLOSURE_LIFE } from '#features/cases/disclosure/rules.ts'
import { decide } from '#features/cases/moves/lifecycle-rules.ts'
import { ruleOf } from '#features/cases/moves/rules.ts'
import type { Transition } from '#features/cases/moves/transition-rules.ts'
import { newCaseNumber } from '#features/cases/numbers/rules.ts'
import type { EventWords, ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { joinAnswers } from '#features/cases/proof/data.ts'
import {
  answerable,
  asksForCheck,
  type GivenCheck,
  givenAnswers,
  imeiChecksOf,
  type ProofCheck,
  restsOnProof,
  wholeCheck,
} from '#features/cases/proof/rules.ts'
import { applyTransition, recordOf } from '#features/cases/record/rules.ts'
import { type CaseSnapshot, newSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { needsWork } from '#features/cases/record/state-rules.ts'
import { workOf } from '#features/cases/work/rules.ts'
import { READER_VERSION } from '#features/evidence/readings/rules.ts'
import type { NoticeTemplate } from '#features/notices/acts.ts'
import { NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { searchWords } from '#lib/person/name.ts'
import { addMilliseconds, type Instant, localDate, MINUTE, SECOND } from '#lib/time.ts'
import {
  blindIndex,
  blindIndexVersion,
  type CaseKey,
  caseHash,
  newCaseKey,
  randomBuffer,
  seal,
} from '#platform/crypto.ts'
import { type Picture, readingOf } from './pictures.ts'
import type { Stage } from './stage.ts'
import { type By, contactOf, type Step, type Story } from './story.ts'

function actorOf({ people }: Stage, by: By): Actor {
  if (by === 'citizen' || by === 'system') return { kind: by }
  const person = people.get(by)
  if (!person) throw new Error(`the city needs the demo account ${by}`)
  return person
}

function particularsOf(s: Story): ReportedParticulars {
  return {
    ...NOTHING_WRITTEN,
    fullName: s.fullName,
    idKind: 'cccd',
    nationalId: s.nationalId,
    contact: { kind: 'email', value: contactOf(s) },
    address: s.address,
    place: s.place,
    story: s.story,
    phoneNumbers: [`+8490${s.sim}`],
  }
}

interface Playing {
  readonly stage: Stage
  readonly story: Story
  readonly key: CaseKey
  readonly particulars: ReportedParticulars
  readonly imeis: readonly { readonly imei: string; readonly key14: string }[]
  c: CaseSnapshot
  listed: boolean
}

/** Plays a story through the rules of the case and collects the rows. Throws when the rules refuse a move. */
export function play(stage: Stage, story: Story, picture: Picture | undefined): void {
  const id = randomUUID()
  const { key, stored } = newCaseKey(id)
  const { rows } = stage
  rows.keys.push({ caseId: id, ...stored, createdAt: addMilliseconds(story.submittedAt, -9 * MINUTE) })
  const playing: Playing = {
    stage,
    story,
    key,
    particulars: particularsOf(story),
    imeis: story.imeis.map((imei) => ({ imei, key14: imei.slice(0, 14) })),
    c: submitted(
      story,
      id,
      newCaseNumber((count) => stage.chance.bytes(count)),
      stage.unitOf(story.areaId),
    ),
    listed: false,
  }
  if (picture) addProof(playing, picture)
  addReport(playing)
  for (const step of story.steps) makeMove(playing, step)
  addCase(playing)
}

const submitted = (s: Story, id: string, number: string, unitId: string): CaseSnapshot => ({
  ...newSnapshot({ id, number, areaId: s.areaId, unitId, incidentType: s.type, submittedAt: s.submittedAt }),
  primaryClaim: !s.contests && s.imeis.length > 0,
  imeiUnknown: s.imeis.length === 0,
})

const hashOf = ({ key, particulars, imeis }: Playing, c: CaseSnapshot) =>
  caseHash(key, recordOf(c, particulars, imeis))

/** Adds the same rows as adding a file (`keepEvidence`). */
function addProof({ stage, story, key }: Playing, picture: Picture): void {
  const { proof: kind, n } = story
  const { bytes } = picture
  const id = stage.fileId(n)
  const mediaType = 'image/jpeg'
  const createdAt = addMilliseconds(story.submittedAt, -4 * MINUTE)
  stage.rows.evidence.push({
    id,
    caseId: key.caseId,
    kind,
    state: 'ready',
    sealed: seal(key, `evidence:${id}`, { fileName: `${FILE_NAMES[kind]}-${n}.jpg` }),
    mediaType,
    byteSize: bytes.length,
    sha256: stage.sha256(bytes),
    ...stage.storeFile(key, id, bytes),
    viewWidth: picture.width,
    viewHeight: picture.height,
    eventSeq: null,
    createdAt,
  })
  stage.acts.push({
    actor: { kind: 'citizen' },
    act: 'evidence.add',
    subject: { kind: 'evidence', id },
    caseId: key.caseId,
    facts: { kind, mediaType, byteSize: bytes.length },
    at: createdAt,
  })
  // The reader's result after the report was sent, so that a new city does not start with a hundred files to read.
  const found = readingOf(story)
  const readAt = addMilliseconds(story.submittedAt, 20 * SECOND)
  stage.rows.readings.push({
    ...{
      evidenceId: id,
      attempts: 1,
      readerVersion: READER_VERSION,
      outcome: 'read',
      pages: 1,
      pagesRead: 1,
    },
    readAt,
    sealed: seal(key, `reading:${id}`, { found }),
  })
  stage.acts.push({
    actor: { kind: 'system' },
    act: 'evidence.read',
    subject: { kind: 'evidence', id },
    caseId: key.caseId,
    facts: { state: 'read', count: found.length },
    at: readAt,
  })
}
const FILE_NAMES: Readonly<Record<Story['proof'], string>> = {
  box: 'hop-may',
  invoice: 'hoa-don',
  warranty: 'phieu-bao-hanh',
  account: 'tai-khoan',
}

/** Adds the same rows as sending the report (`submitCase`). */
function addReport(p: Playing): void {
  const { stage, story, key, particulars, c } = p
  const { rows } = stage
  const caseId = key.caseId
  const at = story.submittedAt
  rows.consents.push(
    ...CONSENTS.filter(
      ({ purpose }) => purpose !== (story.imeis.length > 0 ? 'imei_of_number' : 'sim_question'),
    ).map(({ purpose, version }) => ({ caseId, purpose, version, at })),
  )
  rows.found.push(...foundBy(particulars).map((one) => ({ ...one, caseId, version: blindIndexVersion() })))
  rows.events.push({
    ...{ caseId, seq: 1, at, move: 'submitted', from: null, to: 'submitted' },
    ...{ actorKind: 'citizen', visible: true },
  })
  stage.acts.push({
    actor: { kind: 'citizen' },
    act: 'case.submit',
    subject: { kind: 'case', id: caseId },
    facts: { number: c.number, imeis: story.imeis.length },
    after: hashOf(p, c),
    at,
  })
  tell(p, 'submitted', {}, at)
}

/** Returns every index entry by which police can find the report's citizen, as in `indexPerson`. */
function foundBy(p: ReportedParticulars) {
  const words = searchWords(p.fullName)
  const entries = [
    { kind: 'contact' as const, value: p.contact.value },
    { kind: p.contact.kind, value: p.contact.value },
    { kind: 'national_id' as const, value: p.nationalId },
    { kind: 'name' as const, value: words.join(' ') },
    ...[...new Set(words)].map((value) => ({ kind: 'name_word' as const, value })),
    ...p.phoneNumbers.map((value) => ({ kind: 'phone' as const, value })),
  ]
  return entries.map(({ kind, value }) => ({ kind, hash: blindIndex(kind, value) }))
}

/** Adds the same rows as a move (`moveCase`). */
function makeMove(p: Playing, step: Step): void {
  const { stage, c, key } = p
  const { move, at, reasonCode, text } = step
  const actor = actorOf(stage, step.by)
  const asksProof = actor.kind === 'staff' && restsOnProof(move)
  const imeis = p.imeis.map((one) => ({ ...one, isPublic: p.listed }))
  const can = answerable(imeiChecksOf(move, imeis), [p.story.proof], true)
  const check: GivenCheck = {
    ...Object.fromEntries(can.imeiChecks.map((field) => [field, 'yes'])),
    ...step.check,
    ...(can.name ? {} : { checkName: 'none' }),
  }
  const found = asksForCheck(move) ? wholeCheck(check, can.imeiChecks, imeis) : null
  const facts = {
    ...{ move, reasonCode, text, rivalProven: p.story.contests, carriersSettled: true, unblockAsked: true },
    ...(asksProof && { proof: { files: 1, seen: true, check, can } }),
  }
  const decided = decide(c, facts, actor, { now: at, holidays: stage.holidays })
  if (!decided.ok)
    throw new Error(`story ${p.story.n} cannot ${move} at ${at.toISOString()}: ${decided.error}`)
  const change = decided.value
  const next = applyTransition(c, change)
  const openedAt = asksProof ? addCheck(p, actor, step, found) : null
  const counted = { unitId: c.unitId, day: new Date(localDate(at)) }
  stage.rows.work.push(...workOf(c, change, actor, openedAt, at).map((one) => ({ ...one, ...counted })))
  addEvent(p, change, actor, step)
  stage.acts.push({
    actor,
    act: `case.${move}`,
    subject: { kind: 'case', id: c.id },
    facts: {
      ...{ from: change.from, to: change.to, version: change.version + 1, reasonCode: change.reasonCode },
      ...(actor.kind === 'staff' && found && givenAnswers(check)),
    },
    before: hashOf(p, c),
    after: hashOf(p, next),
    at,
  })
  if (change.visible) {
    const message = change.textIsPublic && text ? { message: text } : {}
    const told = ruleOf(move).tells?.(c, change.set) ?? move
    tell(p, told, { ...message, ...(change.reasonCode && { reasonCode: change.reasonCode }) }, at)
  }
  if (change.orders) stage.orders.push({ ...change.orders, story: p.story, caseId: key.caseId, at })
  p.c = next
  p.listed = change.listed ?? p.listed
}

function addEvent(
  { stage, key, c }: Playing,
  change: Transition,
  actor: Actor,
  { move, at, text }: Step,
): void {
  const words: EventWords = text ? (change.textIsPublic ? { message: text } : { reason: text }) : {}
  const seq = change.version + 1
  stage.rows.events.push({
    ...{ caseId: c.id, seq, at, move, from: change.from, to: change.to },
    ...{ reasonCode: change.reasonCode, visible: change.visible, actorKind: actor.kind },
    ...(actor.kind === 'staff' && { actorId: actor.id, actorRole: actor.role, actorUnitId: actor.unitId }),
    sealed: text ? seal(key, `event:${seq}`, words) : null,
  })
}

/** Adds the traces of a check: the proof was opened some minutes before, and compared. Returns when it was opened. */
function addCheck(
  { stage, key, c }: Playing,
  actor: StaffActor,
  { move, at }: Step,
  found: ProofCheck | null,
): Instant {
  const openedAt = addMilliseconds(at, -stage.chance.between(2 * MINUTE, 17 * MINUTE))
  stage.rows.disclosures.push({
    ...{ id: randomUUID(), caseId: key.caseId, accountId: actor.id, sessionId: randomUUID() },
    ...{ role: actor.role, unitId: actor.unitId, reason: 'ownership', openedAt, proofVersion: 1 },
    until: addMilliseconds(openedAt, DISCLOSURE_LIFE),
  })
  stage.acts.push({
    actor,
    act: 'case.disclose',
    subject: { kind: 'case', id: c.id },
    facts: { opened: 'identity contact evidence', files: 1, reason: 'ownership' },
    at: openedAt,
  })
  stage.rows.checks.push({
    ...{ caseId: c.id, seq: c.version + 1, move, accountId: actor.id, unitId: actor.unitId },
    ...{ openedAt, decidedAt: at },
    ...(found && {
      imei: joinAnswers(found),
      name: found.checkName,
      device: found.checkDevice,
      byNumber: true,
    }),
  })
  const of = { caseId: c.id, seq: c.version + 1 }
  stage.rows.checkedImeis.push(...(found?.imeis ?? []).map((one) => ({ ...of, ...one })))
  return openedAt
}

/** Adds a message as already sent; nothing is sent now. */
function tell(
  { stage, key, particulars, c }: Playing,
  template: NoticeTemplate,
  words: { readonly message?: string; readonly reasonCode?: string },
  at: Instant,
): void {
  const id = randomUUID()
  const { kind: channel, value: to } = particulars.contact
  const sealed = seal(key, `notice:${id}`, { to, params: { number: c.number, ...words } })
  stage.rows.notices.push({
    ...{ id, caseId: key.caseId, channel, template, locale: 'vi', sealed },
    ...{ state: 'sent', attempts: 1, createdAt: at, sentAt: addMilliseconds(at, 2_000) },
  })
}

function addCase({ stage, story, key, particulars, imeis, c, listed }: Playing): void {
  const { primaryClaim, imeiUnknown: _, ...snapshot } = c
  const { phone } = story
  stage.rows.cases.push({
    ...snapshot,
    incidentType: story.type,
    locale: 'vi',
    incidentAt: story.incidentAt,
    brand: phone.brand,
    model: phone.model,
    colour: story.colour,
    tacManufacturer: phone.brand,
    tacModel: phone.model,
    contactKind: particulars.contact.kind,
    secretHash: randomBuffer(32),
    sealed: seal(key, 'particulars', particulars),
    needsWork: needsWork(c.state, c),
  })
  stage.rows.imeis.push(
    ...imeis.map((one, at) => ({
      ...one,
      caseId: c.id,
      ordinal: at + 1,
      primaryClaim,
      isPublic: listed,
    })),
  )
}
