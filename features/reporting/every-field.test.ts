import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { destroyPersonalData } from '#features/privacy/erasure/data.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import { askAboutData } from '#features/privacy/requests/acts.ts'
import { answerDataRequest } from '#features/privacy/requests/answer-acts.ts'
import { CORRECTABLE } from '#features/privacy/requests/correction-rules.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, localDate } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeProof, randomImei } from '#tests/factories/case.ts'
import { sampleOf } from '#tests/factories/fields.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { cookieHash } from './drafts/data.ts'
import { startDraft } from './drafts/start-acts.ts'
import { openTexts } from './fields/columns-rules.ts'
import { FIELDS, OPEN_TEXTS, SEALED_TEXTS, type TextFieldName } from './fields/rules.ts'
import { sendReport } from './sending/acts.ts'
import { saveStep } from './steps/acts.ts'
import { CONSENTS } from './steps/consents-rules.ts'
import { ANSWER_STEPS } from './steps/rules.ts'

afterAll(closeSignals)

const now = new Date()
const TEXTS: readonly TextFieldName[] = [...SEALED_TEXTS, ...OPEN_TEXTS]
/** Each field with a unique value. */
const FILLED = Object.fromEntries(TEXTS.map((name) => [name, sampleOf(name)])) as Record<
  TextFieldName,
  string
>

/** Sends a report in which every field is answered; returns its id and number. */
async function sendAll() {
  const cookie = await startDraft({ locale: 'vi', now })
  const key = { value: cookie, officerId: null }
  const typed = {
    ...FILLED,
    incidentType: 'snatched',
    incidentWhen: 'other',
    incidentAt: `${localDate(addMilliseconds(now, -DAY))}T08:30`,
    district: 'quan-3',
    contactEmail: 'moi.o@example.vn',
    imei1: randomImei(),
    phoneNumber1: '0912345678',
    idKind: 'cccd',
    nationalId: '079199012345',
  }
  for (const step of ANSWER_STEPS) {
    const saved = await saveStep({ cookie: key, step, typed, locale: 'vi', address: randomUUID(), now })
    expect(saved, step).toMatchObject({ ok: true, value: { faults: {} } })
  }
  const { id } = await db.reportDraft.update({
    where: { cookieHash: cookieHash(cookie) },
    data: { contactHash: contactHash({ kind: 'email', value: typed.contactEmail }), contactConfirmedAt: now },
  })
  await makeProof(id)
  const consents = CONSENTS.map(({ field }) => field)
  const sent = await sendReport({ cookie, consents, officer: null, identity: null, locale: 'vi', now })
  if (!sent.ok || 'ledTo' in sent.value) throw new Error(JSON.stringify(sent))
  return { id, number: sent.value.number }
}

async function readByPolice(number: string) {
  const officer = await makeStaff('officer', { unitId: 'quan-3' })
  const file = await readCaseFile(officer, number, now)
  if (file === null) throw new Error('no file')
  return { ...file.particulars, ...openTexts(file) }
}

/** Returns the tables in which a row contains a text, except those of the job queue. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT format('%I', table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  )
  const found = await Promise.all(
    rows.map(async ({ name }) => {
      const asked = `SELECT 1 FROM ${name} t WHERE t::text ~ ('\\m' || $1 || '\\M') LIMIT 1`
      return (await superuser.query(asked, [text])).rows.length > 0 ? [name] : []
    }),
  )
  return found.flat()
}

test('every field of the report is sent, read by police, taken along, corrected, and gone once it is erased', async () => {
  const { id, number } = await sendAll()
  const scope = citizenScope(id, 'full')
  // Before the opening, masked fields are as `held` declares.
  const read = await readByPolice(number)
  for (const name of TEXTS) {
    const { masked } = FIELDS[name].held
    expect(read[name], name).toBe(masked === 'legible' ? FILLED[name] : masked(FILLED[name]))
  }
  const own = await exportData(scope, id, 'json', now)
  expect({ ...own?.person, ...own?.phone }).toMatchObject(FILLED)
  // Column values can be found there, so the search after the erasure would find them.
  for (const name of OPEN_TEXTS) expect(await tablesWith(FILLED[name]), name).toContain('cases')

  const supervisor = await makeStaff('supervisor', { unitId: 'quan-3' })
  const texts = CORRECTABLE.filter((field): field is TextFieldName => TEXTS.some((name) => name === field))
  expect(texts.toSorted()).toEqual(TEXTS.filter((name) => FIELDS[name].correct !== null).toSorted())
  for (const field of texts) {
    const value = sampleOf(field, 2)
    const version = async () => (await db.case.findUniqueOrThrow({ where: { id } })).version
    const asked = { caseId: id, version: await version(), message: '', correction: { field, value } }
    const input = { ...asked, act: 'ask_correction', submitKey: randomUUID() } as const
    expect(await askAboutData(scope, input, now), field).toMatchObject({ ok: true })
    const request = await db.dataRequest.findFirstOrThrow({ where: { caseId: id, state: 'open' } })
    const answer = {
      ...{ number, version: await version(), decision: 'grant_data_request' as const, reason: 'Đã xem.' },
      ...{ requestId: request.id, submitKey: randomUUID() },
    } as const
    expect(await answerDataRequest(supervisor, answer, now), field).toMatchObject({ ok: true })
  }
  const corrected = await exportData(scope, id, 'json', now)
  const all = { ...corrected?.person, ...corrected?.phone }
  for (const name of texts) expect(all[name], name).toBe(sampleOf(name, 2))
  expect(corrected?.person.corrected?.map(({ field }) => field).toSorted()).toEqual(texts.toSorted())

  await inScope(systemScope(), () => transaction((tx) => destroyPersonalData(tx, id)))
  for (const name of TEXTS)
    for (const text of [FILLED[name], sampleOf(name, 2)])
      expect(await tablesWith(text), `${name} ${text}`).toEqual([])
})
