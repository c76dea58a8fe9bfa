import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { POST } from '#app/api/kiosk/route.ts'
import { reorganise } from '#features/agencies/changes/acts.ts'
import type { TypedChange } from '#features/agencies/changes/form-rules.ts'
import { previewChange } from '#features/agencies/changes/page-data.ts'
import { rate } from '#features/ratings/rating/acts.ts'
import { listKnownAgencies } from '#features/ratings/rating/data.ts'
import { withdrawChange } from '#features/ratings/replies/acts.ts'
import { sweep } from '#features/retention/jobs.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { ok } from '#lib/result.ts'
import { DAY, HOUR, localDate, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  answerAtKiosk,
  freeMoment,
  makeDevice,
  makePairedKiosk,
  type PairedKiosk,
  pairDevice,
  signedForm,
} from '#tests/factories/kiosk.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { awaitKioskDevice, makeKiosk, pairKioskDevice, rateAtKiosk, revokeKiosk } from './acts.ts'
import { findKiosk, findLiveKiosk, listKiosks, makePairingCode, signKioskToken } from './data.ts'
import { asDeviceKey } from './device-key.ts'
import { afterReply, kioskMessage, PAIRING_MINUTES } from './rules.ts'

/** Returns a survey manager's form for withdrawing a change. */
const why = () => ({ typed: { reason: 'Nhập nhầm ngày có hiệu lực.' }, submitKey: randomUUID() })
const now = new Date()
const later = (ms: number) => new Date(now.getTime() + ms)
const ANSWERS = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' }

const kiosk = (agencyId = 'quan-3') => makePairedKiosk(agencyId, now)

/** Sends an answer with its own moment, by another link if one is given. */
const outcome = (paired: PairedKiosk, token = paired.token, at = now): Promise<string> =>
  answerAtKiosk({ ...paired, token }, {}, freeMoment(at), at)

const body = async (paired: PairedKiosk, more: Record<string, string> = {}, at = freeMoment(new Date())) =>
  signedForm(paired, { ...ANSWERS, ...more }, at)

/** Stores version 2: the questions of version 1, and `q1`, of which several options may be chosen. */
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

/** Returns a change of the catalogue by its form, from today on. */
const today = (typed: Partial<TypedChange>) => ({
  typed: {
    ...({ kind: 'add', agency: '', from: [], into: '', agencyKind: '', nameVi: '', nameEn: '' } as const),
    ...{ abbreviation: '', parts: '', keeps: '', on: localDate(now), basis: 'Nghị quyết 9', ...typed },
  },
})

describe('a kiosk', () => {
  it('is made once, whichever way its form was sent', async () => {
    const manager = await makeStaff('survey_manager')
    const wanted = { agencyId: 'quan-3', counter: 'Quầy 3', days: 30, submitKey: randomUUID() } as const
    const [made, again] = await Promise.all([1, 2].map(() => makeKiosk(manager, wanted, now)))
    expect(again).toEqual(made)
    expect(made).toEqual(ok((await db.kiosk.findFirstOrThrow()).id))
  })

  it('takes answers of now and of the day before, each of its own day, and names no kiosk with them', async () => {
    const paired = await kiosk()
    expect(await answerAtKiosk(paired, {}, now)).toBe('ok')
    expect(await answerAtKiosk(paired, {}, later(MINUTE - DAY), now)).toBe('ok')
    const days = await db.kioskResponse.findMany({ select: { serviceDate: true } })
    expect(days.map(({ serviceDate }) => serviceDate.toISOString().slice(0, 10)).toSorted()).toEqual(
      [localDate(later(MINUTE - DAY)), localDate(now)].toSorted(),
    )
    for (const table of ['survey_kiosk_responses', 'survey_receipts', 'rate_limits']) {
      const { rows } = await superuser.query(`SELECT row_to_json(r)::text AS row FROM ${table} r`)
      expect(rows.map(({ row }) => row).join(), table).not.toContain(paired.id)
    }
    expect(await db.surveyResponse.count()).toBe(0)
  })

  it('is told when its clock is wrong, and takes nothing that is older than a day', async () => {
    const paired = await kiosk()
    for (const ms of [2 * MINUTE, 400 * DAY, -DAY - MINUTE])
      expect(await answerAtKiosk(paired, {}, later(ms), now)).toBe('clock')
    const reply = await post(await body(paired, {}, new Date(Date.now() + 3_600_000)))
    expect(reply.status).toBe(409)
    const said = await reply.json()
    expect(said.refused).toBe('clock')
    expect(Math.abs(said.now * 1000 - Date.now())).toBeLessThan(5_000)
    expect(await db.kioskResponse.count()).toBe(0)
  })

  it('has what its open page asked taken a month after that version was retired', async () => {
    const paired = await kiosk()
    await version2(later(-40 * DAY), later(-20 * DAY))
    const kept = async (at: Date) => {
      const typed = await signedForm(paired, { ...ANSWERS, questionnaire: '2' }, at)
      const sent = { agencyId: 'quan-3', questionnaireVersion: 2, typed, submitKey: typed.submitKey ?? '' }
      return rateAtKiosk(sent, at)
    }
    expect(await kept(now)).toMatchObject({ ok: true })
    expect(await kept(later(10 * DAY))).toMatchObject({ ok: true })
    expect(await kept(later(12 * DAY))).toMatchObject({ error: { kind: 'replaced' } })
    const sender = { kind: 'address', address: '192.0.2.1', issued: '', proof: '' } as const
    const typed = { ...ANSWERS, serviceDate: localDate(now) }
    const elsewhere = { agencyId: 'quan-3', questionnaireVersion: 2, typed, submitKey: randomUUID(), sender }
    expect(await rate(elsewhere, now)).toMatchObject({ error: { kind: 'replaced' } })
  })

  it('opens nothing with a link that is forged, of elsewhere, expired or revoked', async () => {
    const paired = await kiosk()
    const { manager, id, token } = paired
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
    for (const bad of forged) expect(await outcome(paired, bad), bad).toBe('forged')
    expect(await findKiosk(token, 'quan-1', now)).toMatchObject({ error: 'forged' })
    expect(await outcome(paired, token, later(31 * DAY))).toBe('expired')
    const viewer = await makeStaff('auditor')
    expect(await revokeKiosk(viewer, id, now)).toMatchObject({ error: 'forbidden' })
    expect(await revokeKiosk(manager, id, now)).toMatchObject({ ok: true })
    expect(await revokeKiosk(manager, id, now)).toMatchObject({ error: 'not_found' })
    expect(await outcome(paired)).toBe('revoked')
    expect(await db.kioskResponse.count()).toBe(0)
    const acts = await db.auditEntry.findMany({ orderBy: { id: 'asc' }, select: { act: true } })
    expect(acts.map(({ act }) => act)).toEqual([
      'survey.kiosk_made',
      'survey.kiosk_paired',
      'survey.kiosk_revoked',
    ])
  })

  it('says that its agency has ended, loses no answer to that, and takes them if the end is taken back', async () => {
    const paired = await kiosk()
    const { manager, id } = paired
    const wanted = today({ kind: 'close', agency: 'quan-3' })
    await Promise.all([makeStaff('agency_viewer'), makeStaff('agency_viewer', { agencyId: 'quan-1' })])
    const seen = await previewChange(manager, wanted, now)
    expect(seen).toMatchObject({ preview: { effects: [{ kiosks: 1, viewers: 1 }] } })
    const closed = must(await reorganise(manager, wanted, { basedOn: null, submitKey: randomUUID() }, now))
    expect((await listKiosks(manager, null, now)).kiosks).toMatchObject([{ id, state: 'ended' }])
    expect((await listKnownAgencies(now)).filter(({ ended }) => ended)).toMatchObject([{ nameVi: 'Quận 3' }])
    expect(await findLiveKiosk(manager, id, now)).toBeNull()
    expect(await answerAtKiosk(paired, {}, later(MINUTE - DAY), now)).toBe('ok')
    expect(await answerAtKiosk(paired, {}, now)).toBe('ended')
    const kept = await body(paired, {}, new Date())
    expect((await post(kept)).status).toBe(403)
    const another = { agencyId: 'quan-3', counter: 'Quầy 4', days: 30, submitKey: randomUUID() } as const
    expect(await makeKiosk(manager, another, now)).toMatchObject({ error: 'agency' })
    expect((await withdrawChange(manager, closed, now, why())).ok).toBe(true)
    expect((await post(kept)).status).toBe(200)
    expect((await listKiosks(manager, null, now)).kiosks).toMatchObject([{ state: 'live' }])
  })

  it('loses no answer to an agency that was taken back to be entered anew, nor to one that had not begun', async () => {
    const manager = await makeStaff('survey_manager')
    const wanted = today({ agencyKind: 'ward', nameVi: 'Phường Thử' })
    const add = async () => {
      return must(await reorganise(manager, wanted, { basedOn: null, submitKey: randomUUID() }, now))
    }
    const changeId = await add()
    const paired = await kiosk('phuong-thu')
    const typed = await signedForm(paired, ANSWERS, later(MINUTE - DAY))
    const kept = {
      agencyId: 'phuong-thu',
      questionnaireVersion: 1,
      typed,
      submitKey: typed.submitKey ?? '',
    }
    expect((await withdrawChange(manager, changeId, now, why())).ok).toBe(true)
    expect(await rateAtKiosk(kept, now)).toMatchObject({ error: { kind: 'kiosk', refusal: 'ended' } })
    await add()
    expect((await rateAtKiosk(kept, now)).ok).toBe(true)
    // There was nothing to rate the day before, so it is for today.
    expect(await db.kioskResponse.findMany({ select: { serviceDate: true } })).toEqual([
      { serviceDate: new Date(localDate(now)) },
    ])
  })

  it('loses no answer that its agency gets another name under', async () => {
    const paired = await kiosk()
    await superuser.query('BEGIN')
    await superuser.query(`SELECT FROM agency_versions WHERE agency_id = 'quan-3' FOR UPDATE`)
    await superuser.query(
      `WITH old AS (UPDATE agency_versions SET valid_to = $1 WHERE agency_id = 'quan-3' RETURNING *)
       INSERT INTO agency_versions (id, agency_id, name_vi, name_en, kind, areas, valid_from)
       SELECT gen_random_uuid(), agency_id, 'Quận Ba', 'Third District', kind, areas, valid_to FROM old`,
      [localDate(now)],
    )
    const writing = answerAtKiosk(paired, {}, now)
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
    const paired = await kiosk()
    const kept = await body(paired)
    expect(afterReply((await post(kept, 'http://localhost', '64001')).status)).toBe('drop')
    expect(afterReply((await post(kept, 'http://localhost', null)).status)).toBe('later')
    expect((await post(kept, 'http://localhost', '64000')).status).toBe(200)
  })

  it('may send what it kept again until it is acknowledged: once is enough', async () => {
    const paired = await kiosk()
    const kept = await body(paired)
    const all = await Promise.all(Array.from({ length: 10 }, () => post(kept)))
    expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(await db.kioskResponse.count()).toBe(1)
    expect((await post(await body(paired, { r1: '' }))).status).toBe(422)
    expect((await post({ ...kept, kiosk: 'x' })).status).toBe(403)
    expect((await post(kept, 'http://elsewhere.example')).status).toBe(403)
  })

  it('is one answer, however often its reply was lost', async () => {
    const paired = await kiosk()
    const typed = await signedForm(paired, ANSWERS, now)
    const kept = { agencyId: 'quan-3', questionnaireVersion: 1, typed, submitKey: typed.submitKey ?? '' }
    const first = await rateAtKiosk(kept, now)
    await sweep(later(DAY - MINUTE))
    expect(await rateAtKiosk(kept, later(DAY - MINUTE))).toEqual(first)
    expect(await db.kioskResponse.count()).toBe(1)
    // Its key is stored with the month only, so it is gone at the latest this long after the month's last day.
    await sweep(later((31 + 33) * DAY))
    expect(await db.submission.count({ where: { act: { startsWith: 'survey.rate' } } })).toBe(0)
  })

  it('sends every option that was chosen of several', async () => {
    const paired = await kiosk()
    await version2(later(-DAY))
    const chosen = [
      ['q1', 'a'],
      ['q1', 'c'],
    ] as const
    const at = String(Math.floor(Date.now() / 1000))
    const own = { agency: 'quan-3', questionnaire: '2', submitKey: randomUUID(), at }
    const fields = [...Object.entries({ ...ANSWERS, ...own }), ...chosen]
    const signature = await paired.device.sign(kioskMessage(paired.id, fields))
    const sent = [...fields, ['kiosk', paired.token], ['signature', signature]].map(([a = '', b = '']) => [
      a,
      b,
    ])
    expect((await post(sent)).status).toBe(200)
    const { answers } = await db.kioskResponse.findFirstOrThrow()
    expect(answers).toMatchObject({ q1: ['a', 'c'] })
  })
})

describe('a kiosk’s device', () => {
  const pair = async (asked: Partial<Record<'token' | 'agencyId' | 'code' | 'publicKey', string>>) => {
    const row = await db.kiosk.findFirstOrThrow()
    const paired = await pairKioskDevice(
      {
        ...{ token: signKioskToken(row), agencyId: 'quan-3', code: makePairingCode(row, now) ?? '' },
        publicKey: (await makeDevice()).publicKey,
        ...asked,
      },
      now,
    )
    return paired.ok ? 'ok' : paired.error
  }
  const unpaired = async () => {
    const manager = await makeStaff('survey_manager')
    const wanted = { agencyId: 'quan-3', counter: 'Quầy 3', days: 30, submitKey: randomUUID() } as const
    const made = must(await makeKiosk(manager, wanted, now))
    const row = await db.kiosk.findUniqueOrThrow({ where: { id: made } })
    return { manager, id: made, agencyId: 'quan-3', token: signKioskToken(row) }
  }

  it('is none by the link alone: neither the address by hand nor another’s key sends anything', async () => {
    const bare = await unpaired()
    const stranger = await makeDevice()
    expect(await answerAtKiosk({ ...bare, device: stranger }, {}, now)).toBe('unpaired')
    const device = await makeDevice()
    expect((await pairDevice(bare.id, device, now)).ok).toBe(true)
    expect(await answerAtKiosk({ ...bare, device: stranger }, {}, now)).toBe('unsigned')
    const signed = await body({ ...bare, device })
    const { signature, ...unsigned } = signed
    for (const forged of [
      unsigned,
      { ...unsigned, signature: '' },
      { ...unsigned, signature: 'A'.repeat(86) },
      { ...signed, r1: '1' },
      { ...signed, submitKey: randomUUID() },
      { ...signed, at: String(Number(signed.at) - 60) },
      { ...signed, more: 'x' },
    ]) {
      const reply = await post(forged)
      expect([reply.status, (await reply.json()).refused]).toEqual([403, 'unsigned'])
    }
    expect(await db.kioskResponse.count()).toBe(0)
    expect((await post(signed)).status).toBe(200)
    expect(signature).toMatch(/^[\w-]{86}$/)
  })

  it('cannot be signed for by the key of another kiosk of the same agency', async () => {
    const [one, other] = [await kiosk(), await kiosk()]
    expect(await answerAtKiosk({ ...one, device: other.device }, {}, now)).toBe('unsigned')
    const fields = await signedForm(one, ANSWERS, now)
    expect((await post({ ...fields, kiosk: other.token })).status).toBe(403)
  })

  it('holds a key that cannot be copied from it', async () => {
    const made = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ])
    await expect(crypto.subtle.exportKey('pkcs8', made.privateKey)).rejects.toThrow()
    await expect(crypto.subtle.exportKey('jwk', made.privateKey)).rejects.toThrow()
    // Only its public part can be read, and that signs nothing.
    const { publicKey } = await asDeviceKey(made)
    expect(publicKey).toMatch(/^[\w-]{122}$/)
  })

  it('is paired once by a code that lives for minutes, and another is refused until its manager makes a new code', async () => {
    const { manager, id } = await unpaired()
    expect(await pair({ code: '' })).toBe('code')
    expect(await pair({ publicKey: 'x' })).toBe('key')
    expect(await pair({ token: 'x' })).toBe('forged')
    const row = await db.kiosk.findUniqueOrThrow({ where: { id } })
    const code = makePairingCode(row, now) ?? ''
    expect(code).toMatch(/^\d{8}$/)
    expect(makePairingCode(row, later(PAIRING_MINUTES * MINUTE))).toBeNull()
    const device = await makeDevice()
    const tries = [device, await makeDevice(), await makeDevice()]
    const outcomes = await Promise.all(tries.map(({ publicKey }) => pair({ code, publicKey })))
    expect(outcomes.toSorted()).toEqual(['ok', 'paired', 'paired'])
    const winner = tries[outcomes.indexOf('ok')] ?? device
    // The same device may ask again, as its reply may have been lost.
    expect(await pair({ code: '', publicKey: winner.publicKey })).toBe('ok')
    expect(await pair({ code })).toBe('paired')
    const paired = { id, agencyId: 'quan-3', token: signKioskToken(row) }
    expect(await answerAtKiosk({ ...paired, device: winner }, {}, now)).toBe('ok')

    expect(await awaitKioskDevice(await makeStaff('auditor'), id, now)).toMatchObject({ error: 'forbidden' })
    expect((await awaitKioskDevice(manager, id, now)).ok).toBe(true)
    expect(await answerAtKiosk({ ...paired, device: winner }, {}, later(-MINUTE), now)).toBe('unpaired')
    expect(await pair({ code }), 'the old code').toBe('code')
    const next = await makeDevice()
    expect((await pairDevice(id, next, now)).ok).toBe(true)
    expect(await answerAtKiosk({ ...paired, device: winner }, {}, later(-MINUTE), now)).toBe('unsigned')
    expect(await answerAtKiosk({ ...paired, device: next }, {}, later(-MINUTE), now)).toBe('ok')
    const acts = await db.auditEntry.findMany({ orderBy: { id: 'asc' }, select: { act: true } })
    expect(acts.map(({ act }) => act.slice('survey.kiosk_'.length))).toEqual([
      'made',
      'paired',
      'code',
      'paired',
    ])
    await revokeKiosk(manager, id, now)
    expect(await pair({})).toBe('revoked')
    expect(await awaitKioskDevice(manager, id, now)).toMatchObject({ error: 'not_found' })
  })

  it('has few tries at a code', async () => {
    await unpaired()
    for (let n = 0; n < LIMITS.kiosk_pairing.amount; n++)
      expect(await pair({ code: '00000000' })).toBe('code')
    expect(await pair({})).toBe('many')
  })

  it('sends nothing within 20 seconds of another answer, before or after it, in whatever order', async () => {
    const paired = await kiosk()
    const at = (seconds: number) => answerAtKiosk(paired, {}, later(seconds * 1000), now)
    expect(await at(-100)).toBe('ok')
    for (const near of [-100, -119, -81, -101, -99]) expect(await at(near), String(near)).toBe('pace')
    expect(await at(-120)).toBe('ok')
    expect(await at(-80)).toBe('ok')
    const both = await Promise.all([-30, -29, -25, -31].map(at))
    expect(both.toSorted()).toEqual(['ok', 'pace', 'pace', 'pace'])
    expect(await db.kioskResponse.count()).toBe(4)
    // Another kiosk has a pace of its own.
    expect(await answerAtKiosk(await kiosk(), {}, later(-100_000), now)).toBe('ok')
  })

  it('sends no more in an hour than its counter can have, of which six count', async () => {
    const paired = await makePairedKiosk('quan-3', now, { ceiling: 9 })
    const hour = Math.floor((now.getTime() - DAY / 2) / HOUR) * HOUR
    const outcomes: string[] = []
    for (let n = 0; n < 12; n++)
      outcomes.push(await answerAtKiosk(paired, {}, new Date(hour + n * 200_000), now))
    expect(outcomes).toEqual([...Array(9).fill('ok'), ...Array(3).fill('full')])
    expect(await db.kioskResponse.count({ where: { person: true } })).toBe(6)
    expect(await answerAtKiosk(paired, {}, new Date(hour + HOUR), now)).toBe('ok')
    expect(await db.kioskResponse.count({ where: { person: true } })).toBe(7)
    const reply = await post(await body(paired, {}, new Date(hour + 3_000_000)))
    expect(afterReply(reply.status)).toBe('drop')
  })
})
