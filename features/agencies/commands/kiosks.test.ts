import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { POST } from '#app/api/kiosk/route.ts'
import { rate } from '#features/ratings/commands/rate.ts'
import { rateAtKiosk } from '#features/ratings/commands/rate-at-kiosk.ts'
import { withdrawChange } from '#features/ratings/commands/withdraw.ts'
import { knownAgencies } from '#features/ratings/queries/rating.ts'
import { afterReply } from '#features/ratings/rules/kiosk.ts'
import { sweep } from '#features/retention/jobs.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { DAY, localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { preview } from '../queries/catalogue.ts'
import { kioskOf, kiosks, kioskToken, liveKiosk } from '../queries/kiosks.ts'
import type { TypedChange } from '../rules/change-form.ts'
import { makeKiosk, revokeKiosk } from './kiosks.ts'
import { reorganise } from './reorganise.ts'

/** Returns what a survey manager says when a change is taken back. */
const why = () => ({ typed: { reason: 'Nhập nhầm ngày có hiệu lực.' }, submitKey: randomUUID() })
const now = new Date()
const later = (ms: number) => new Date(now.getTime() + ms)
const ANSWERS = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' }

async function kiosk(agencyId = 'quan-3') {
  const manager = await makeStaff('survey_manager')
  const wanted = { agencyId, counter: 'Quầy 3', days: 30, submitKey: randomUUID() } as const
  const [made, again] = await Promise.all([1, 2].map(() => makeKiosk(manager, wanted, now)))
  expect(again).toEqual(made)
  const row = await db.kiosk.findFirstOrThrow({ where: { agencyId } })
  expect(made).toEqual({ ok: true, value: row.id })
  return { manager, id: row.id, token: kioskToken(row) }
}

const sent = (token: string, more: Record<string, string> = {}, submitKey = randomUUID()) => ({
  agencyId: 'quan-3',
  questionnaireVersion: 1,
  typed: { ...ANSWERS, kiosk: token, ...more },
  submitKey,
})

async function outcome(token: string, more: Record<string, string> = {}, at = now): Promise<string> {
  const rated = await rateAtKiosk(sent(token, more), at)
  if (rated.ok) return 'ok'
  return rated.error.kind === 'kiosk' ? rated.error.refusal : rated.error.kind
}

/** The questions of version 1 and one more, `q1`, of which several options may be chosen. */
async function version2(publishedAt: Date, retiredAt: Date | null = null): Promise<void> {
  const option = (code: string) => ({ code, vi: code, en: code })
  const q1 = { key: 'q1', kind: 'several', required: false, vi: 'Cách nào?', en: 'Which?', source: '' }
  await superuser.query(
    `INSERT INTO questionnaires (version, legal_basis, questions, published_at, retired_at, base_version, reason_vi,
       reason_en)
     SELECT 2, legal_basis, questions || $1::jsonb, $2, $3, 1, 'vì', 'why' FROM questionnaires WHERE version = 1`,
    [JSON.stringify([{ ...q1, options: ['a', 'b', 'c'].map(option) }]), publishedAt, retiredAt],
  )
}

const post = (
  fields: Record<string, string> | string[][],
  origin = 'http://localhost',
  length: string | null = '500',
) =>
  POST(
    new Request('http://localhost/api/kiosk', {
      method: 'POST',
      headers: { origin, host: 'localhost', ...(length !== null && { 'content-length': length }) },
      body: new URLSearchParams(fields),
    }),
    { params: Promise.resolve({}) },
  )

/** A change of the catalogue by its form, from today on. */
const today = (typed: Partial<TypedChange>) => ({
  typed: {
    ...({ kind: 'add', agency: '', from: [], into: '', agencyKind: '', nameVi: '', nameEn: '' } as const),
    ...{ abbreviation: '', parts: '', keeps: '', on: localDate(now), basis: 'Nghị quyết 9', ...typed },
  },
})

describe('a kiosk', () => {
  it('takes answers of today, or of the day its device kept them', async () => {
    const { token } = await kiosk()
    expect(await outcome(token)).toBe('ok')
    const yesterday = localDate(later(-DAY))
    expect(await outcome(token, { serviceDate: yesterday })).toBe('ok')
    const days = await db.surveyResponse.findMany({ select: { serviceDate: true } })
    expect(new Set(days.map(({ serviceDate }) => serviceDate.toISOString())).size).toBe(2)
    const { rows } = await superuser.query('SELECT row_to_json(r)::text AS row FROM survey_responses r')
    expect(rows.map(({ row }) => row).join()).not.toContain((await db.kiosk.findFirstOrThrow()).id)
  })

  it('is believed where its clock is wrong: the day is then today', async () => {
    const { token } = await kiosk()
    for (const days of [2, -400]) {
      const serviceDate = later(days * DAY)
        .toISOString()
        .slice(0, 10)
      expect(await outcome(token, { serviceDate })).toBe('ok')
    }
    const days = await db.surveyResponse.findMany({ select: { serviceDate: true } })
    const today = new Date(localDate(now))
    expect(days.map(({ serviceDate }) => serviceDate)).toEqual([today, today])
  })

  it('has what it thanked for taken a month after its version was retired', async () => {
    const { token } = await kiosk()
    await version2(later(-40 * DAY), later(-20 * DAY))
    const kept = (at: Date) => rateAtKiosk({ ...sent(token), questionnaireVersion: 2 }, at)
    expect(await kept(now)).toMatchObject({ ok: true })
    expect(await kept(later(10 * DAY))).toMatchObject({ ok: true })
    expect(await kept(later(12 * DAY))).toMatchObject({ error: { kind: 'replaced' } })
    const sender = { kind: 'address', address: '192.0.2.1', issued: '', proof: '' } as const
    const typed = { ...ANSWERS, serviceDate: localDate(now) }
    const elsewhere = { ...sent(token), typed, questionnaireVersion: 2, sender }
    expect(await rate(elsewhere, now)).toMatchObject({ error: { kind: 'replaced' } })
  })

  it('is limited as itself', async () => {
    const { token } = await kiosk()
    const { amount } = LIMITS.survey_kiosk
    await db.$executeRaw`UPDATE rate_limits SET hits = ${amount}`
    for (let n = 0; n < 25; n++) expect(await outcome(token)).toBe('ok')
    await db.$executeRaw`UPDATE rate_limits SET hits = ${amount}`
    expect(await outcome(token)).toBe('limit')
  })

  it('opens nothing with a link that is forged, of elsewhere, expired or revoked', async () => {
    const { manager, id, token } = await kiosk()
    const [, expires, signature] = token.split('.')
    const forged = [
      '',
      'x',
      `${randomUUID()}.${expires}.${signature}`,
      `${id}.${later(99 * DAY)
        .getTime()
        .toString(36)}.${signature}`,
      `${id}.${expires}.${'A'.repeat(43)}`,
      token.slice(0, -1),
    ]
    for (const bad of forged) expect(await outcome(bad), bad).toBe('forged')
    expect(await kioskOf(token, 'quan-1', now)).toMatchObject({ error: 'forged' })
    expect(await outcome(token, {}, later(31 * DAY))).toBe('expired')
    const viewer = await makeStaff('auditor')
    expect(await revokeKiosk(viewer, id, now)).toMatchObject({ error: 'forbidden' })
    expect(await revokeKiosk(manager, id, now)).toMatchObject({ ok: true })
    expect(await revokeKiosk(manager, id, now)).toMatchObject({ error: 'gone' })
    expect(await outcome(token)).toBe('revoked')
    expect(await db.surveyResponse.count()).toBe(0)
    const acts = await db.auditEntry.findMany({ orderBy: { id: 'asc' }, select: { act: true } })
    expect(acts.map(({ act }) => act)).toEqual(['survey.kiosk_made', 'survey.kiosk_revoked'])
  })

  it('says that its agency has ended, loses no answer to that, and takes them if the end is taken back', async () => {
    const { manager, id, token } = await kiosk()
    const wanted = today({ kind: 'close', agency: 'quan-3' })
    await Promise.all([makeStaff('agency_viewer'), makeStaff('agency_viewer', { agencyId: 'quan-1' })])
    const seen = await preview(manager, wanted, now)
    expect(seen).toMatchObject({ preview: { effects: [{ kiosks: 1, viewers: 1 }] } })
    const closed = await reorganise(manager, wanted, { basedOn: null, submitKey: randomUUID() }, now)
    if (!closed.ok) throw new Error('not closed')
    expect((await kiosks(manager, null, now)).kiosks).toMatchObject([{ id, state: 'ended' }])
    expect((await knownAgencies(now)).filter(({ ended }) => ended)).toMatchObject([{ nameVi: 'Quận 3' }])
    expect(await liveKiosk(manager, id, now)).toBeNull()
    expect(await outcome(token, { serviceDate: localDate(later(-DAY)) })).toBe('ok')
    expect(await outcome(token)).toBe('ended')
    const body = { ...ANSWERS, kiosk: token, agency: 'quan-3', questionnaire: '1', submitKey: randomUUID() }
    expect((await post(body)).status).toBe(403)
    const another = { agencyId: 'quan-3', counter: 'Quầy 4', days: 30, submitKey: randomUUID() } as const
    expect(await makeKiosk(manager, another, now)).toMatchObject({ error: 'agency' })
    expect((await withdrawChange(manager, closed.value, now, why())).ok).toBe(true)
    expect((await post(body)).status).toBe(200)
    expect((await kiosks(manager, null, now)).kiosks).toMatchObject([{ state: 'live' }])
  })

  it('loses no answer to an agency that was taken back to be entered anew, nor to one that had not begun', async () => {
    const manager = await makeStaff('survey_manager')
    const wanted = today({ agencyKind: 'ward', nameVi: 'Phường Thử' })
    const add = async () => {
      const added = await reorganise(manager, wanted, { basedOn: null, submitKey: randomUUID() }, now)
      if (!added.ok) throw new Error('not added')
      return added.value
    }
    const changeId = await add()
    const { token } = await kiosk('phuong-thu')
    const kept = { ...sent(token, { serviceDate: localDate(later(-DAY)) }), agencyId: 'phuong-thu' }
    expect((await withdrawChange(manager, changeId, now, why())).ok).toBe(true)
    expect(await rateAtKiosk(kept, now)).toMatchObject({ error: { kind: 'kiosk', refusal: 'ended' } })
    await add()
    expect((await rateAtKiosk(kept, now)).ok).toBe(true)
    // The device's clock was wrong: there was nothing to rate the day before.
    expect(await db.surveyResponse.findMany({ select: { serviceDate: true } })).toEqual([
      { serviceDate: new Date(localDate(now)) },
    ])
  })

  it('loses no answer that its agency gets another name under', async () => {
    const { token } = await kiosk()
    await superuser.query('BEGIN')
    await superuser.query(`SELECT FROM agency_versions WHERE agency_id = 'quan-3' FOR UPDATE`)
    await superuser.query(
      `WITH old AS (UPDATE agency_versions SET valid_to = $1 WHERE agency_id = 'quan-3' RETURNING *)
       INSERT INTO agency_versions (id, agency_id, name_vi, name_en, kind, areas, valid_from)
       SELECT gen_random_uuid(), agency_id, 'Quận Ba', 'Third District', kind, areas, valid_to FROM old`,
      [localDate(now)],
    )
    const writing = outcome(token)
    await vi.waitFor(async () => {
      await superuser.query('SELECT pg_stat_clear_snapshot()')
      const { rows } = await superuser.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      expect(rows).not.toEqual([])
    })
    await superuser.query('COMMIT')
    expect(await writing).toBe('ok')
  })

  it('is told that what is too large will never be taken, so that what waits behind it is', async () => {
    const { token } = await kiosk()
    const body = { ...ANSWERS, kiosk: token, agency: 'quan-3', questionnaire: '1', submitKey: randomUUID() }
    expect(afterReply((await post(body, 'http://localhost', '64001')).status)).toBe('drop')
    expect(afterReply((await post(body, 'http://localhost', null)).status)).toBe('later')
    expect((await post(body, 'http://localhost', '64000')).status).toBe(200)
  })

  it('may send what it kept again until it is acknowledged: once is enough', async () => {
    const { token } = await kiosk()
    const body = { ...ANSWERS, kiosk: token, agency: 'quan-3', questionnaire: '1', submitKey: randomUUID() }
    const all = await Promise.all(Array.from({ length: 10 }, () => post(body)))
    expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(await db.surveyResponse.count()).toBe(1)
    expect((await post({ ...body, submitKey: randomUUID(), r1: '' })).status).toBe(422)
    expect((await post({ ...body, kiosk: 'x' })).status).toBe(403)
    expect((await post(body, 'http://elsewhere.example')).status).toBe(403)
  })

  it('is one answer, however long its device was without a network after the reply was lost', async () => {
    const { token } = await kiosk()
    const kept = sent(token, { serviceDate: localDate(now) })
    const first = await rateAtKiosk(kept, now)
    for (const days of [8, 30]) {
      const then = later(days * DAY - 1)
      await sweep(then)
      expect(await rateAtKiosk(kept, then)).toEqual(first)
    }
    expect(await db.surveyResponse.count()).toBe(1)
    // It is known by its month alone: so long after its last day at the latest.
    await sweep(later((31 + 33) * DAY))
    expect(await db.submission.count({ where: { act: { startsWith: 'survey.rate' } } })).toBe(0)
  })

  it('sends every option that was chosen of several', async () => {
    const { token } = await kiosk()
    await version2(later(-DAY))
    const own = { kiosk: token, agency: 'quan-3', questionnaire: '2', submitKey: randomUUID() }
    const chosen = [
      ['q1', 'a'],
      ['q1', 'c'],
    ]
    expect((await post([...Object.entries({ ...ANSWERS, ...own }), ...chosen])).status).toBe(200)
    const { answers } = await db.surveyResponse.findFirstOrThrow()
    expect(answers).toMatchObject({ q1: ['a', 'c'] })
  })
})
