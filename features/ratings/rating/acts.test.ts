import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '#lib/access/limits.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { findReceiptStanding } from '../integrity/data.ts'
import { rate, type SentRating } from './acts.ts'
import { forgetDossierKeys } from './data.ts'
import { parseReceiptNumber } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const ANSWERS = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' }

let nextAddress = 0
const from = (address: string): SentRating['sender'] => ({
  kind: 'address',
  address,
  issued: '',
  proof: '',
})
const sent = (typed: Record<string, string> = {}, more: Partial<SentRating> = {}): SentRating => ({
  agencyId: 'quan-3',
  questionnaireVersion: 1,
  typed: { ...ANSWERS, serviceDate: '2026-11-24', ...typed },
  submitKey: randomUUID(),
  sender: from(`198.51.100.${nextAddress++ % 250}`),
  ...more,
})

/** Returns the receipt number, or the refusal. */
async function outcome(rating: SentRating, at = now): Promise<unknown> {
  const rated = await rate(rating, at)
  if (rated.ok) return rated.value
  return rated.error.kind === 'faults' ? rated.error.faults : rated.error.kind
}

describe('rate', () => {
  it('stores an answer once, with a receipt that proves it', async () => {
    const receipt = await outcome(sent({ e1: 'counter', procedure: 'Đăng ký kết hôn' }))
    const number = parseReceiptNumber(String(receipt))
    expect(number).toBe(receipt)
    expect(number && (await findReceiptStanding(number))).toEqual({ state: 'counted' })
    const [response, ...others] = await db.surveyResponse.findMany({ include: { agencyVersion: true } })
    expect(others).toEqual([])
    expect(response).toMatchObject({
      agencyId: 'quan-3',
      questionnaireVersion: 1,
      withCode: false,
      procedure: '1.000894',
      answers: { ...ANSWERS, e1: 'counter' },
      counted: false,
    })
    expect(response?.agencyVersion.nameVi).toBe('Quận 3')
    expect(response?.receivedMonth.toISOString().slice(0, 10)).toBe('2026-11-01')
  })

  it('takes the same form sent ten times at once as one', async () => {
    const form = sent({ dossierCode: 'H29.1-2026', comment: 'Nhanh.', suggestion: 'Hỏi thêm về phí.' })
    const receipts = await Promise.all(Array.from({ length: 10 }, () => outcome(form)))
    expect(new Set(receipts).size).toBe(1)
    expect(parseReceiptNumber(String(receipts[0]))).not.toBeNull()
    const counts = [
      await db.surveyResponse.count(),
      await db.surveyReceipt.count(),
      await db.surveyComment.count(),
      await db.surveySuggestion.count(),
      await db.dossierCode.count(),
    ]
    expect(counts).toEqual([1, 1, 1, 1, 1])
    expect(await db.surveyTally.findMany()).toMatchObject([{ published: 0, waiting: 1 }])
  })

  it('counts a dossier code once, of forms that are sent at once, and keeps nothing of a refused form', async () => {
    const writings = ['000.00.15.H29-261124', '00000 15 h29 261124', '000.00.15.h29-261124']
    const outcomes = await Promise.all(writings.map((dossierCode) => outcome(sent({ dossierCode }))))
    const refused = outcomes.filter((one) => typeof one !== 'string')
    expect(refused).toEqual([{ dossierCode: 'dossierCode.used' }, { dossierCode: 'dossierCode.used' }])
    expect(await db.surveyResponse.count()).toBe(1)
    expect(await db.surveyReceipt.count()).toBe(1)
    expect(await db.submission.count()).toBe(1)
  })

  it('lets a refused form be mended and sent again under its key', async () => {
    await outcome(sent({ dossierCode: 'AB12' }))
    const form = sent({ dossierCode: 'AB12' })
    expect(await outcome(form)).toEqual({ dossierCode: 'dossierCode.used' })
    const mended = await outcome({ ...form, typed: { ...form.typed, dossierCode: '' } })
    expect(parseReceiptNumber(String(mended))).not.toBeNull()
  })

  it('keeps nothing of a person: no code, no address, no moment, no way from a code to its answer', async () => {
    await outcome(sent({ dossierCode: 'H29-SECRET-77' }, { sender: from('203.0.113.99') }))
    for (const table of ['survey_responses', 'survey_dossier_codes', 'survey_receipts', 'survey_tallies']) {
      const { rows } = await superuser.query(`SELECT row_to_json(t)::text AS row FROM ${table} t`)
      expect(rows).toHaveLength(1)
      expect(rows[0].row).not.toMatch(/SECRET|203\.0\.113|T\d\d:\d\d/)
    }
    const id = (await db.surveyResponse.findFirstOrThrow()).id
    const { rows } = await superuser.query(`SELECT string_agg(t::text, '') AS text FROM
      (SELECT d::text FROM survey_dossier_codes d UNION ALL SELECT r::text FROM survey_receipts r
       UNION ALL SELECT s::text FROM submissions s) t`)
    expect(rows[0].text).not.toContain(id)
  })

  it('forgets the codes of a year with its key', async () => {
    await outcome(sent({ dossierCode: 'H29-1' }))
    const january = new Date('2027-01-01T03:00:00Z')
    expect(await forgetDossierKeys(now)).toBe(0)
    expect(await forgetDossierKeys(january)).toBe(1)
    expect(await db.dossierCode.count()).toBe(0)
    expect(parseReceiptNumber(String(await outcome(sent({ dossierCode: 'H29-1' }), january)))).not.toBeNull()
  })

  it('names every fault at once', async () => {
    const bad = sent({
      r1: '',
      r2: 'never',
      serviceDate: '2026-11-25',
      comment: 'á'.repeat(60_000),
      dossierCode: '!!',
    })
    expect(await outcome(bad)).toEqual({
      r1: 'answer.empty',
      r2: 'answer.unknown',
      serviceDate: 'serviceDate.future',
      comment: 'comment.too_long',
      dossierCode: 'dossierCode.format',
    })
    expect(await db.surveyResponse.count()).toBe(0)
  })

  it('refuses an agency that is none, and questions that are not open', async () => {
    expect(await outcome(sent({}, { agencyId: 'quan-99' }))).toBe('gone')
    expect(await outcome(sent({}, { questionnaireVersion: 2 }))).toBe('replaced')
    const draft = { version: 2, legalBasis: 'x', questions: [], publishedAt: null }
    await db.questionnaire.create({ data: draft })
    expect(await outcome(sent({}, { questionnaireVersion: 2 }))).toBe('replaced')
    await db.questionnaire.update({ where: { version: 1 }, data: { retiredAt: now } })
    expect(await outcome(sent())).toBe('replaced')
  })

  it('refuses a day on which the agency was not there', async () => {
    await db.agencyVersion.updateMany({
      where: { agencyId: 'quan-3' },
      data: { validFrom: new Date('2026-06-01') },
    })
    expect(await outcome(sent({ serviceDate: '2026-05-31' }))).toEqual({ serviceDate: 'serviceDate.closed' })
    expect(typeof (await outcome(sent({ serviceDate: '2026-06-01' })))).toBe('string')
  })

  it('stops an address that sends too many', async () => {
    const { amount } = LIMITS.survey_unproven
    const all = Array.from({ length: amount + 3 }, () => outcome(sent({}, { sender: from('203.0.113.1') })))
    expect((await Promise.all(all)).filter((one) => one === 'limit')).toHaveLength(3)
    expect(await db.surveyResponse.count()).toBe(amount)
  })
})

describe('the public figures', () => {
  it('move by tens, also when answers come at once', async () => {
    const send = (n: number, typed: Record<string, string> = {}) =>
      Promise.all(Array.from({ length: n }, () => outcome(sent(typed))))
    const cell = async (question: string) =>
      (
        await db.surveyCell.findMany({
          where: { question },
          select: { respondents: true, published: true, heldRespondents: true, held: true },
        })
      )[0]
    await send(9, { e1: 'online' })
    expect(await db.surveyCell.count()).toBe(0)
    await send(14)
    expect(await db.surveyTally.findMany()).toMatchObject([{ published: 20, waiting: 3 }])
    const headline = { respondents: 20, published: { '4': 20 }, heldRespondents: 0, held: {} }
    expect(await cell('r1')).toEqual(headline)
    // Nine of the twenty have answered: too few for the public, but not lost.
    const nine = { respondents: 0, published: {}, heldRespondents: 9, held: { online: 9 } }
    expect(await cell('e1')).toEqual(nine)
    await send(7, { e1: 'counter' })
    const sixteen = { respondents: 16, published: { online: 9, counter: 7 }, heldRespondents: 0, held: {} }
    expect(await cell('e1')).toEqual(sixteen)
    expect(await db.surveyResponse.count({ where: { counted: true } })).toBe(30)
  })

  it('belong to the month in which they become public', async () => {
    const send = async (n: number, at: string, typed: Record<string, string> = {}) => {
      const dated = { serviceDate: '2026-10-30', ...typed }
      for (let k = 0; k < n; k++) await outcome(sent(dated), new Date(at))
    }
    const months = async (question: string) =>
      (await db.surveyMonth.findMany({ where: { question }, orderBy: { month: 'asc' } })).map(
        ({ month, respondents }) => [month.toISOString().slice(0, 10), respondents],
      )
    await send(19, '2026-10-31T16:59:00Z', { e1: 'online' })
    expect(await months('r1')).toEqual([['2026-10-01', 10]])
    // November has begun in the city. The nine that waited are published with the tenth.
    await send(1, '2026-10-31T17:00:00Z')
    await send(10, '2026-11-02T03:00:00Z', { e1: 'counter' })
    expect(await months('r1')).toEqual([
      ['2026-10-01', 10],
      ['2026-11-01', 20],
    ])
    expect(await months('e1')).toEqual([
      ['2026-10-01', 10],
      ['2026-11-01', 19],
    ])
  })

  it('tell codes apart in steps of thirty, once ten have come with one and ten without', async () => {
    const split = () => db.surveyCodeSplit.findFirst({ select: { withCode: true, withoutCode: true } })
    const send = async (n: number, typed: (k: number) => Record<string, string>) => {
      for (let k = 0; k < n; k++) await outcome(sent(typed(k)))
    }
    await send(20, (k) => ({ r1: '2', ...(k < 10 && { dossierCode: `H29-${k}` }) }))
    expect(await split()).toEqual({ withCode: {}, withoutCode: {} })
    await send(9, (k) => ({ r1: '5', dossierCode: `H30-${k}` }))
    expect(await split()).toEqual({ withCode: {}, withoutCode: {} })
    await send(1, () => ({ r1: '5' }))
    expect(await split()).toEqual({ withCode: { '2': 10, '5': 9 }, withoutCode: { '2': 10, '5': 1 } })
    await send(20, (k) => ({ r1: '3', ...(k < 10 && { dossierCode: `H31-${k}` }) }))
    expect(await split()).toEqual({ withCode: { '2': 10, '5': 9 }, withoutCode: { '2': 10, '5': 1 } })
  })
})

describe('the database', () => {
  it('takes no public figure of one to nine people', async () => {
    const key = { agencyId: 'quan-3', questionnaireVersion: 1, question: 'r1' }
    const cell = { ...key, respondents: 9, published: { '5': 9 }, heldRespondents: 0, held: {} }
    await expect(db.surveyCell.create({ data: cell })).rejects.toThrow(/survey_cells_by_tens/)
    const month = { ...key, month: new Date('2026-11-01'), respondents: 9, counts: { '5': 9 } }
    await expect(db.surveyMonth.create({ data: month })).rejects.toThrow(/survey_months_by_tens/)
  })

  const overlapping = (validFrom: string, validTo: string | null) =>
    db.agencyVersion.create({
      data: {
        agencyId: 'quan-3',
        nameVi: 'Quận 3 mới',
        nameEn: 'New District 3',
        kind: 'district',
        validFrom: new Date(validFrom),
        validTo: validTo === null ? null : new Date(validTo),
      },
    })

  it('refuses versions of one agency that overlap', async () => {
    await expect(overlapping('2025-01-01', null)).rejects.toThrow(/agency_versions_no_overlap/)
    await expect(overlapping('2010-01-01', '2016-01-02')).rejects.toThrow(/agency_versions_no_overlap/)
    await expect(overlapping('2010-01-01', '2009-01-01')).rejects.toThrow(/agency_versions_order|range lower/)
    await overlapping('2010-01-01', '2016-01-01')
  })

  it('refuses to change a published questionnaire, for its owner too', async () => {
    const change = (sql: string) => superuser.query(sql)
    await expect(change(`UPDATE questionnaires SET questions = '[]'`)).rejects.toThrow('it cannot change')
    await expect(change(`UPDATE questionnaires SET published_at = NULL`)).rejects.toThrow('it cannot change')
    await expect(change('DELETE FROM questionnaires')).rejects.toThrow('it cannot change')
    await change(`UPDATE questionnaires SET retired_at = now()`)
  })
})
