import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { switchEdition } from '#features/areas/acts.ts'
import { readContactsForCitizen } from '#features/cases/citizen/data.ts'
import { type CaseNumber, parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { forgetIdentity } from '#features/citizens/acts.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { removeEvidence } from '#features/evidence/files/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, localDate } from '#lib/time.ts'
import { keyedHash, seal, unwrap } from '#platform/crypto.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { randomImei } from '#tests/factories/case.ts'
import { makeCitizen } from '#tests/factories/identity.ts'
import { newestCode } from '#tests/factories/messages.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { statementsOf } from '#tests/same-work.ts'
import { confirmContact } from '../drafts/confirm-acts.ts'
import { cookieHash, findSentNumber } from '../drafts/data.ts'
import { endReports } from '../drafts/leave-acts.ts'
import { draftEvidence, draftView, receiptOf } from '../drafts/page-data.ts'
import type { DraftCookie } from '../drafts/rules.ts'
import { startAnother, startDraft } from '../drafts/start-acts.ts'
import type { DraftFields } from '../fields/reader-rules.ts'
import { saveStep } from '../steps/acts.ts'
import { CONSENTS } from '../steps/consents-rules.ts'
import { ANSWER_STEPS } from '../steps/rules.ts'
import { type Sending, sendReport } from './acts.ts'

afterAll(closeSignals)

const now = new Date()
/** The reporter: a different person each time, unless a test names one. */
interface Reporter {
  readonly email: string
  readonly nationalId: string
}
let reporters = 0
const somebody = (): Reporter => {
  reporters++
  return { email: `lan-${reporters}@example.vn`, nationalId: `0791990${String(reporters).padStart(5, '0')}` }
}
const ALL = CONSENTS.map(({ field }) => field)

const INCIDENT: DraftFields = {
  incidentType: 'snatched',
  incidentAt: `${localDate(addMilliseconds(now, -DAY))}T08:30`,
  district: 'quan-3',
  place: 'Trước chợ Bàn Cờ',
}
const PERSON: DraftFields = { fullName: 'Nguyễn Thị Lan', idKind: 'cccd', nationalId: '' }

/** Makes the cookie of a browser with the officer signed in there. */
const shown = (value: string, officer?: StaffActor) => ({ value, officerId: officer?.id ?? null })

async function fill(
  cookie: DraftCookie,
  { email, nationalId }: Reporter,
  imei: string,
  phoneNumber1 = '',
  imei2 = '',
): Promise<void> {
  const steps = {
    incident: INCIDENT,
    contact: { contactEmail: email },
    phone: { imei1: imei, imei2, phoneNumber1, imeiUnknown: imei === '' ? 'on' : '' },
    person: { ...PERSON, nationalId },
  } as const
  for (const step of ANSWER_STEPS) {
    must(
      await saveStep({
        cookie,
        step,
        typed: steps[step],
        locale: 'vi',
        address: randomUUID(),
        now,
      }),
    )
  }
}

/** Makes a draft that is ready to be sent; returns its browser's cookie. */
async function completeDraft(
  imei: string,
  filedBy?: StaffActor,
  phoneNumber?: string,
  imei2?: string,
  reporter = somebody(),
): Promise<string> {
  const cookie = await startDraft({ locale: 'vi', ...(filedBy && { filedBy }), now })
  await fill(shown(cookie, filedBy), reporter, imei, phoneNumber, imei2)
  const { id, key } = await db.reportDraft.update({
    where: { cookieHash: cookieHash(cookie) },
    data: { contactHash: contactHash({ kind: 'email', value: reporter.email }), contactConfirmedAt: now },
    include: { key: true },
  })
  const fileId = randomUUID()
  await db.evidence.create({
    data: {
      id: fileId,
      caseId: id,
      kind: 'box',
      state: 'ready',
      sealed: seal(unwrap(id, key), `evidence:${fileId}`, { fileName: null }),
      mediaType: 'image/jpeg',
      byteSize: 1,
      sha256: Buffer.from('-'),
      originalKey: '-',
      createdAt: now,
    },
  })
  return cookie
}

const send = (cookie: string, change: Partial<Sending> = {}) =>
  sendReport({
    ...{ cookie, consents: ALL, officer: null, identity: null, locale: 'vi', now },
    ...change,
  })

const told = async () => {
  const notices = await db.notice.findMany({
    where: { template: { startsWith: 'submitted' } },
    select: { template: true },
  })
  return notices.map(({ template }) => template).toSorted()
}

function numberOf(sent: Awaited<ReturnType<typeof send>>): string {
  if (!sent.ok || 'ledTo' in sent.value) throw new Error(`not sent: ${JSON.stringify(sent)}`)
  return sent.value.number
}

// Keeps one test from using up another's hourly limit of codes.
beforeEach(() => db.codeSend.deleteMany())

describe('sending', () => {
  test('has the files of a second report of one person read behind those of the first', async () => {
    const reporter = somebody()
    for (const imei of [randomImei(), randomImei()]) {
      const cookie = await completeDraft(imei, undefined, undefined, undefined, reporter)
      expect((await send(cookie)).ok).toBe(true)
    }
    const { rows } = await superuser.query<{ priority: number; from: string[] }>(
      `SELECT priority, data->'from' AS from FROM pgboss.job WHERE name = 'proof-read' ORDER BY priority DESC`,
    )
    expect(rows.map(({ priority }) => priority)).toEqual([0, -1])
    expect(rows[0]?.from).toEqual(rows[1]?.from)
    expect(rows[0]?.from).toHaveLength(1)
  })

  test('keeps the wish to find the phone before it is blocked, and none that was not made', async () => {
    for (const watchFirst of [true, false]) {
      const number = numberOf(await send(await completeDraft(randomImei()), { watchFirst }))
      const { watchAskedAt } = await db.case.findUniqueOrThrow({ where: { number } })
      expect(watchAskedAt).toEqual(watchFirst ? now : null)
    }
  })

  test('while signed in puts the case into one’s list; at the desk, or once forgotten, it does not', async () => {
    const { scope } = await makeCitizen({ now })
    const sent = await send(await completeDraft(randomImei()), { identity: scope })
    expect(sent.ok).toBe(true)
    expect(await db.identityCase.findMany({ select: { identityId: true, how: true } })).toEqual([
      { identityId: scope.identityId, how: 'filed' },
    ])
    expect(await db.auditEntry.count({ where: { act: 'case.list' } })).toBe(1)
    const officer = await makeStaff('officer', { unitId: 'quan-3' })
    const atDesk = await completeDraft(randomImei(), officer)
    expect((await send(atDesk, { officer, identity: scope })).ok).toBe(true)
    await forgetIdentity(scope, now)
    expect((await send(await completeDraft(randomImei()), { identity: scope })).ok).toBe(true)
    expect([await db.case.count(), await db.identityCase.count()]).toEqual([3, 0])
  })

  test('fifty times at once makes one case, and everybody is told of the same', async () => {
    const cookie = await completeDraft(randomImei())
    const sent = await Promise.all(Array.from({ length: 50 }, () => send(cookie)))
    const numbers = new Set(sent.map(numberOf))
    expect(numbers.size).toBe(1)
    expect(await db.case.count()).toBe(1)
    expect(await db.caseEvent.count()).toBe(1)
    expect(await db.consent.count()).toBe(3)
    expect(await db.notice.count({ where: { template: 'submitted' } })).toBe(1)
    expect(await db.reportDraft.count()).toBe(0)
    // After a lost reply, the answer stays the same at any later time.
    expect(await send(cookie)).toMatchObject(ok({ number: [...numbers][0] }))
  }, 60_000)

  test('keeps the secret as a hash, and whole only for the cookie that sent it and for 24 hours', async () => {
    const cookie = await completeDraft(randomImei())
    const sent = await send(cookie)
    const number = must(parseCaseNumber(numberOf(sent)))
    const receipt = await receiptOf(number, [shown('another'), shown(cookie)], now)
    expect(receipt?.secret).toMatch(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$/)
    const row = await db.case.findFirstOrThrow()
    expect(Buffer.from(row.secretHash)).toEqual(Buffer.from(keyedHash('case-secret', receipt?.secret ?? '')))
    expect(Buffer.from(row.receiptSealed ?? []).includes(receipt?.secret ?? '-')).toBe(false)
    expect(await receiptOf(number, [shown('another')], now)).toBeNull()
    expect(await receiptOf(number, [shown(cookie)], addMilliseconds(now, 24 * HOUR))).toBeNull()
  })

  test('ten reports of one phone at once: ten cases alike, one of them with the claim', async () => {
    const imei = randomImei()
    const drafts = await Promise.all(
      Array.from({ length: 10 }, (_, index) => completeDraft(index % 2 ? imei : imei.slice(0, 14))),
    )
    const sent = await Promise.all(drafts.map((cookie) => send(cookie)))
    expect(new Set(sent.map(numberOf)).size).toBe(10)
    expect(await db.caseImei.count({ where: { primaryClaim: true } })).toBe(1)
    const cases = await db.case.findMany({
      select: { state: true, held: true, dueAt: true, counterclaim: true },
    })
    expect(new Set(cases.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(await told()).toEqual(Array(10).fill('submitted'))
    expect(await db.reportDraft.count()).toBe(0)
  })

  test('of a phone that another has claimed claims only the number that is free, and says nothing of it', async () => {
    const [taken, own] = [randomImei(), randomImei()]
    await send(await completeDraft(taken))
    const number = numberOf(await send(await completeDraft(own, undefined, undefined, taken)))
    const imeis = await db.caseImei.findMany({
      where: { case: { number } },
      select: { imei: true, primaryClaim: true },
      orderBy: { ordinal: 'asc' },
    })
    expect(imeis).toEqual([
      { imei: own, primaryClaim: true },
      { imei: taken, primaryClaim: false },
    ])
  })

  test('runs the same statements, whether somebody else has claimed the phone or not', async () => {
    const taken = randomImei()
    await send(await completeDraft(taken))
    const [beside, alone] = [await completeDraft(taken), await completeDraft(randomImei())]
    // Statements that set up a new connection belong to neither.
    const sent = async (cookie: string) =>
      (await statementsOf(() => send(cookie))).filter((one) => !one.includes('antam.scope'))
    const statements = await sent(beside)
    expect(statements.length).toBeGreaterThan(9)
    expect(await sent(alone)).toEqual(statements)
    expect(await db.case.count()).toBe(3)
  })

  test('by a contact that has an active case on the phone leads there, tells it once and makes no second case', async () => {
    const [imei, other] = [randomImei(), randomImei()]
    const anh = somebody()
    const number = numberOf(await send(await completeDraft(imei, undefined, undefined, undefined, anh)))
    // By either of the phone's IMEIs, and with another id number.
    const again = await completeDraft(other, undefined, undefined, imei, { ...somebody(), email: anh.email })
    for (let n = 0; n < 2; n++) expect(await send(again)).toEqual(ok({ ledTo: number }))
    expect(await db.case.count()).toBe(1)
    const notices = await db.notice.findMany({
      where: { template: 'reported_again' },
      select: { caseId: true },
    })
    expect(notices).toEqual([{ caseId: (await db.case.findFirstOrThrow()).id }])
    // The draft is kept, and no reminder is sent for it.
    expect(await db.reportDraft.findFirstOrThrow()).toMatchObject({ remindedAt: now })
    // The same id number alone leads nobody to a case whose contact they have not confirmed.
    const stranger = { ...somebody(), nationalId: anh.nationalId }
    expect(
      numberOf(await send(await completeDraft(imei, undefined, undefined, undefined, stranger))),
    ).not.toBe(number)
    // A closed case leads nobody.
    await superuser.query(`UPDATE cases SET state = 'withdrawn' WHERE number = $1`, [number])
    numberOf(await send(again))
    expect(await db.case.count()).toBe(3)
  })

  test.each(['email', 'nationalId'] as const)(
    'a fourth report without a found proof by one %s is for the desk, at once or one by one',
    async (same) => {
      const anh = somebody()
      const draft = () =>
        completeDraft(randomImei(), undefined, undefined, undefined, { ...somebody(), [same]: anh[same] })
      const drafts = [await draft(), await draft(), await draft(), await draft(), await draft()]
      const sent = await Promise.all(drafts.map((cookie) => send(cookie)))
      const refused = err({ kind: 'faults', faults: { imei1: 'report.imei.many_unproven' } })
      expect(sent.filter(({ ok }) => ok)).toHaveLength(3)
      expect(sent.filter(({ ok }) => !ok)).toEqual([refused, refused])
      // At the desk an officer sees who it is, and other people are not affected.
      const officer = await makeStaff('officer', { unitId: 'quan-3' })
      const atDesk = await completeDraft(randomImei(), officer, undefined, undefined, anh)
      expect((await send(atDesk, { officer })).ok).toBe(true)
      expect((await send(await completeDraft(randomImei()))).ok).toBe(true)
      expect(await send(await draft())).toEqual(refused)
      // A verified proof makes room for another report, and so does a closed case.
      const [first = '', second = ''] = sent.filter(({ ok }) => ok).map(numberOf)
      await superuser.query(`UPDATE cases SET state = 'verified' WHERE number = $1`, [first])
      expect((await send(await draft())).ok).toBe(true)
      await superuser.query(`UPDATE cases SET state = 'withdrawn' WHERE number = $1`, [second])
      expect((await send(await draft())).ok).toBe(true)
    },
  )

  test('goes without the consent to ask about a number, and keeps it with its version where it is given', async () => {
    const given = async (consents: Sending['consents']) => {
      await send(await completeDraft(randomImei(), undefined, '0901 234 567'), { consents })
      return db.consent.findMany({ where: { purpose: 'sim_question' }, select: { version: true } })
    }
    expect(await given(ALL.filter((field) => field !== 'consentSim'))).toEqual([])
    expect(await db.case.count()).toBe(1)
    expect(await given(ALL)).toEqual([{ version: '2026-12-02' }])
  })

  test('without an IMEI, and without a proof, makes a case that holds nothing for anybody', async () => {
    const cookie = await completeDraft('', undefined, '0901 234 567')
    await db.evidence.deleteMany()
    expect(await send(cookie)).toMatchObject({ ok: true })
    const { id } = await db.case.findFirstOrThrow()
    expect(await db.case.findFirstOrThrow()).toMatchObject({ state: 'submitted' })
    expect(await db.caseImei.count()).toBe(0)
    expect(await told()).toEqual(['submitted_imei_unknown'])
    const purposes = { select: { purpose: true, version: true }, where: { caseId: id } } as const
    expect(await db.consent.findMany(purposes)).toContainEqual({
      purpose: 'imei_of_number',
      version: '2026-11-28',
    })
    // The database has the last word.
    for (const set of [`state = 'verified'`, 'hold_until = now()'])
      await expect(superuser.query(`UPDATE cases SET ${set} WHERE id = '${id}'`)).rejects.toThrow(
        'without an IMEI',
      )
  })

  test('without an IMEI keeps the consent that was given beside the number, and asks the carriers', async () => {
    const cookie = await completeDraft('', undefined, '0901 234 567')
    const phone = { imeiUnknown: 'on', phoneNumber1: '0901 234 567', consentCarrierLookup: 'on' }
    const of = { cookie: shown(cookie), locale: 'vi', address: randomUUID(), now } as const
    await saveStep({ ...of, step: 'phone', typed: phone })
    const consents = ALL.filter((field) => field !== 'consentCarrierLookup')
    expect(await send(cookie, { consents })).toMatchObject({ ok: true })
    expect(await db.consent.findMany({ where: { purpose: 'imei_of_number' } })).toMatchObject([
      { version: '2026-11-30' },
    ])
    const jobs = await superuser.query("SELECT FROM pgboss.job WHERE name = 'imei-lookup'")
    expect(jobs.rowCount).toBe(1)
  })

  test('without an IMEI goes without the consent to ask the carrier', async () => {
    const cookie = await completeDraft('', undefined, '0901 234 567')
    const consents = ALL.filter((field) => field !== 'consentCarrierLookup')
    expect(await send(cookie, { consents })).toMatchObject({ ok: true })
    expect(await db.consent.count({ where: { purpose: 'imei_of_number' } })).toBe(0)
  })

  test('names everything that is missing, and keeps the draft', async () => {
    const cookie = await completeDraft(randomImei())
    await db.evidence.deleteMany()
    expect(await send(cookie, { consents: ['consentCarriers'] })).toEqual(
      err({
        kind: 'faults',
        faults: {
          evidence: 'report.evidence.empty',
          consentProcessing: 'report.consentProcessing.empty',
          declareTrue: 'report.declareTrue.empty',
        },
      }),
    )
    await db.reportDraft.updateMany({ data: { contactHash: null } })
    expect(await send(cookie)).toEqual(err({ kind: 'incomplete', step: 'code' }))
    expect(await db.case.count()).toBe(0)
    expect(await db.consent.count()).toBe(0)
    expect(await db.reportDraft.count()).toBe(1)
  })

  // The first act is held in its transaction, at its first write to a table, until the second one waits.
  test.each([
    ['cases', 'sent, with its file'],
    ['audit_entries', 'not sent, without it'],
  ] as const)('and taking its last file out exclude each other (held at %s: %s)', async (table, end) => {
    const cookie = await completeDraft(randomImei())
    const { id } = await db.reportDraft.findFirstOrThrow()
    const file = await db.evidence.findFirstOrThrow()
    const waiting = async (count: number) => {
      while ((await waitingForLock()) < count) await sleep(5)
    }
    const acts = [
      () => send(cookie),
      () => removeEvidence(citizenScope(id, 'full'), { kind: 'citizen' }, file.id, now),
    ]
    if (table === 'audit_entries') acts.reverse()
    await superuser.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`)
    const first = acts[0]?.()
    await waiting(1)
    const second = acts[1]?.()
    await Promise.race([waiting(2), second])
    await superuser.query('COMMIT')
    await Promise.all([first, second])
    const [cases, files] = [await db.case.count(), await db.evidence.count()]
    expect({ cases, files }).toEqual(end.startsWith('sent') ? { cases: 1, files: 1 } : { cases: 0, files: 0 })
  })

  test('of a draft whose area has ended meanwhile asks for the area again, and keeps the rest', async () => {
    const cookie = await completeDraft(randomImei())
    expect(await switchEdition('2025', now)).toMatchObject({ ok: true })
    expect(await send(cookie)).toEqual(err({ kind: 'incomplete', step: 'incident' }))
    const view = await draftView(shown(cookie), now)
    expect(view).toMatchObject({
      faults: { incident: { district: 'report.district.ended' } },
      answers: { place: INCIDENT.place, fullName: PERSON.fullName },
      contactConfirmed: true,
    })
    const typed = { ...INCIDENT, district: 'phuong-xuan-hoa' }
    await saveStep({ cookie: shown(cookie), step: 'incident', typed, locale: 'vi', address: '-', now })
    expect(await send(cookie)).toMatchObject({ ok: true })
    expect(await db.case.findFirst({ select: { areaId: true, unitId: true } })).toEqual({
      areaId: 'phuong-xuan-hoa',
      unitId: 'phuong-xuan-hoa',
    })
  })

  test('with a key that opens nothing, or after seven days, finds nothing', async () => {
    const cookie = await completeDraft(randomImei())
    const gone = err({ kind: 'not_found' })
    expect(await send('somebody')).toEqual(gone)
    expect(await send(cookie, { now: addMilliseconds(now, 7 * DAY) })).toEqual(gone)
  })

  test('what is written at the desk is seen and sent by its own officer alone', async () => {
    const [officer, other] = [await makeStaff('officer'), await makeStaff('officer')]
    const cookie = await completeDraft(randomImei(), officer)
    const refused = err({ kind: 'not_found' })
    for (const somebody of [undefined, other]) {
      expect(await draftView(shown(cookie, somebody), now)).toBeNull()
      expect(await draftEvidence(shown(cookie, somebody), now)).toEqual([])
    }
    expect(await draftView(shown(cookie, officer), now)).toMatchObject({ filedAtDesk: true })
    expect(await draftEvidence(shown(cookie, officer), now)).toHaveLength(1)
    expect(await send(cookie)).toEqual(refused)
    expect(await send(cookie, { officer: other })).toEqual(refused)
    expect(await send(cookie, { officer })).toMatchObject({ ok: true })
    expect(await db.case.findFirstOrThrow()).toMatchObject({ filedById: officer.id })
    const number = (await db.case.findFirstOrThrow()).number as CaseNumber
    for (const somebody of [undefined, other]) {
      expect(await receiptOf(number, [shown(cookie, somebody)], now)).toBeNull()
      expect(await findSentNumber([shown(cookie, somebody)])).toBeNull()
    }
    expect(await receiptOf(number, [shown(cookie, officer)], now)).not.toBeNull()
    await endReports([shown(cookie, officer)])
    expect(await receiptOf(number, [shown(cookie, officer)], now)).toBeNull()
    expect(await db.caseEvent.findFirstOrThrow()).toMatchObject({ actorKind: 'staff', actorId: officer.id })
  })

  test('a person whom nothing reaches is taken at the desk alone, needs no code, and has the receipt on paper', async () => {
    const officer = await makeStaff('officer')
    const step = (cookie: DraftCookie, typed: DraftFields) =>
      saveStep({ cookie, step: 'contact', typed, locale: 'vi', address: randomUUID(), now })
    const none = { contactEmail: ' ', noContact: 'on' }
    const own = await completeDraft(randomImei())
    expect(await step(shown(own), none)).toMatchObject({
      value: {
        faults: { contactPhone: 'report.contactPhone.empty' },
        incomplete: 'contact',
      },
    })
    expect(await send(own)).toMatchObject(err({ kind: 'incomplete', step: 'contact' }))
    const cookie = await completeDraft(randomImei(), officer)
    const key = shown(cookie, officer)
    const saved = await step(key, none)
    expect(saved).toMatchObject({ value: { faults: {}, incomplete: 'review' } })
    expect(await draftView(key, now)).toMatchObject({ contactConfirmed: true, codeSent: false })
    expect(await send(cookie, { officer })).toMatchObject({ ok: true })
    const made = await db.case.findFirstOrThrow()
    expect(made).toMatchObject({ contactKind: null, filedById: officer.id })
    expect(await receiptOf(made.number as CaseNumber, [key], now)).toMatchObject({ contact: null })
    expect(await told()).toEqual([])
  })

  test('tells both contacts where both have answered their code, and one alone where one has', async () => {
    const told = async (alsoConfirmed: boolean) => {
      const reporter = somebody()
      const cookie = await completeDraft(randomImei(), undefined, undefined, undefined, reporter)
      const typed = {
        contactEmail: reporter.email,
        contactPhone: `09876${String(reporters).padStart(5, '0')}`,
      }
      const key = shown(cookie)
      await saveStep({ cookie: key, step: 'contact', typed, locale: 'vi', address: randomUUID(), now })
      const { id } = await db.reportDraft.findFirstOrThrow()
      const code = await newestCode({ caseId: id, template: 'code_confirm_contact', channel: 'phone' })
      if (alsoConfirmed) expect(await confirmContact(key, code, now)).toEqual(ok('review'))
      expect(await send(cookie)).toMatchObject({ ok: true })
      const notices = await db.notice.findMany({ where: { caseId: id, template: 'submitted' } })
      const contacts = await readContactsForCitizen(citizenScope(id, 'full'), id, now)
      return [notices.map(({ channel }) => channel).toSorted(), contacts?.inForce.length, contacts?.waiting]
    }
    expect(await told(true)).toEqual([['email', 'phone'], 2, null])
    expect(await told(false)).toEqual([['email'], 1, null])
  })

  test('another phone lost with it is begun from the receipt, with all that is known, once a form', async () => {
    const [first, second] = [randomImei(), randomImei()]
    const cookie = await completeDraft(first)
    const number = numberOf(await send(cookie)) as CaseNumber
    const asked = { number, officer: null, address: randomUUID(), now }
    const submitKey = randomUUID()
    expect(await startAnother({ ...asked, cookies: [shown('somebody')], submitKey })).toEqual(
      err('not_found'),
    )
    const begun = await startAnother({ ...asked, cookies: [shown(cookie)], submitKey })
    expect(await startAnother({ ...asked, cookies: [shown(cookie)], submitKey })).toEqual(begun)
    if (!begun.ok) throw new Error(begun.error)
    expect(await db.reportDraft.count()).toBe(1)
    const key = shown(begun.value)
    expect(await draftView(key, now)).toMatchObject({
      incomplete: 'phone',
      contactConfirmed: true,
      answers: { district: 'quan-3', place: INCIDENT.place, fullName: PERSON.fullName },
    })
    const typed = { imei1: second }
    const saved = await saveStep({
      cookie: key,
      step: 'phone',
      typed,
      locale: 'vi',
      address: randomUUID(),
      now,
    })
    expect(saved).toMatchObject({ value: { faults: {}, incomplete: 'review' } })
    const draft = await db.reportDraft.findFirstOrThrow()
    await db.evidence.updateMany({ data: { caseId: draft.id } })
    const again = numberOf(await send(begun.value))
    expect(again).not.toBe(number)
    const cases = await db.case.findMany({ include: { imeis: true }, orderBy: { submittedAt: 'asc' } })
    expect(cases.flatMap(({ imeis }) => imeis.map(({ imei }) => imei)).toSorted()).toEqual(
      [first, second].toSorted(),
    )
    const [one, two] = cases
    expect(two).toMatchObject({
      incidentAt: one?.incidentAt,
      incidentType: one?.incidentType,
      areaId: one?.areaId,
    })
    expect(await receiptOf(number, [shown(cookie)], now)).not.toBeNull()
  })

  test('leaves nothing half when the last write of it fails', async () => {
    const cookie = await completeDraft(randomImei())
    const draft = await db.reportDraft.findFirstOrThrow()
    // The number belongs to another case, so writing the case fails after its consents were written.
    await send(await completeDraft(randomImei()))
    const { number } = await db.case.findFirstOrThrow()
    await db.reportDraft.update({ where: { id: draft.id }, data: { number } })
    await expect(send(cookie)).rejects.toThrow()
    expect(await db.case.count()).toBe(1)
    expect(await db.consent.count({ where: { caseId: draft.id } })).toBe(0)
    expect(await db.reportDraft.count()).toBe(1)
  })
})
