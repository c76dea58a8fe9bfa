import { createHash, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { StaffReader } from '#lib/access/actor.ts'
import { carrierScope, citizenScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeBook } from '#tests/factories/book.ts'
import { makeBlockingCase, randomImei } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { acknowledge } from '../book/acts.ts'
import { linesAfter } from '../book/data.ts'
import { carrierStates } from '../case-orders/data.ts'
import { countSkippedOrders } from '../flags/data.ts'
import { carrierOrdersPage } from '../own-orders/data.ts'
import { listCarrierStandings, orderDetail, ordersPage } from '../relay/data.ts'
import { answerLetter, handOverLetter, makeLetterNow, receiveLetter } from './acts.ts'
import { letterAnnex, letterFor, letterLines, letterPdf, listLetters } from './data.ts'
import { drawLetter, drawLetters, gatherLetters } from './jobs.ts'
import { annexOf, LINES_A_LETTER } from './rules.ts'

const MADE = new Date('2026-11-25T03:00:00Z')
const NEXT_DAY = new Date('2026-11-26T03:00:00Z')
const key = () => ({ submitKey: randomUUID() })

let relay: StaffReader
beforeEach(async () => {
  relay = await makeStaff('relay')
  await onPaper('gmobile')
})

const onPaper = (carrierId: string) =>
  superuser.query(`UPDATE carriers SET way = 'letter' WHERE id = $1`, [carrierId])

async function make(carrierId = 'gmobile', now = MADE) {
  const wanted = { carrierId, ...key() }
  const made = must(await sentThrice(() => makeLetterNow(relay, wanted, now)))
  const letter = await letterFor(relay, made)
  if (!letter) throw new Error('there is no such letter')
  return letter
}

async function handed() {
  const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()], now: MADE })
  const letter = await make()
  await drawLetter(letter.id, MADE)
  const over = { letterId: letter.id, handedOn: '2026-11-25', handedBy: 'in_person', ...key() } as const
  expect(await sentThrice(() => handOverLetter(relay, over, MADE))).toMatchObject({ ok: true })
  return { case: made, letter }
}

const stateOf = async (caseId: string) =>
  (await db.carrierOrder.findFirst({ where: { caseId, carrierId: 'gmobile' } }))?.state

/**
 * Returns how an order appears to the citizen, on its page, in the relay's list, in the carrier's own list, and in the counts.
 */
async function reads(caseId: string) {
  const { id } = await db.carrierOrder.findFirstOrThrow({ where: { caseId, carrierId: 'gmobile' } })
  const carriers = await carrierStates(citizenScope(caseId, 'full'), caseId)
  const all = { group: null, after: null, search: null }
  const scope = carrierScope(relay)
  const own = scope && (await carrierOrdersPage(scope, 'gmobile', all))
  const listed = await ordersPage(relay, { ...all, carrierId: 'gmobile' })
  const counted = (await listCarrierStandings(addMilliseconds(MADE, 2 * DAY))).find(
    (one) => one.id === 'gmobile',
  )
  return {
    states: [
      carriers.find(({ carrierId }) => carrierId === 'gmobile')?.state,
      (await orderDetail(relay, id))?.state,
      ...[listed, own].map((page) => page?.orders.find((one) => one.id === id)?.state),
    ],
    paper: (await orderDetail(relay, id))?.paper,
    counted: [counted?.queued, counted?.waiting, counted?.late],
  }
}
const four = (state: string) => [state, state, state, state]

describe('an order on paper', () => {
  test('waits for its letter, is sent with it, and received when the carrier says so', async () => {
    const { id } = await makeBlockingCase({ imeis: [randomImei(), randomImei()], now: MADE })
    const nowhere = { handedOn: null, receivedOn: null, letters: [] }
    expect(await reads(id)).toEqual({ states: four('queued'), paper: nowhere, counted: [1, 0, 0] })
    const letter = await make()
    await drawLetter(letter.id, MADE)
    const named = [{ id: letter.id, year: 2026, ordinal: 1 }]
    expect(await reads(id)).toMatchObject({ states: four('queued'), paper: { letters: named } })
    const way = { letterId: letter.id }
    await handOverLetter(relay, { ...way, handedOn: '2026-11-25', handedBy: 'courier', ...key() }, MADE)
    expect(await reads(id)).toMatchObject({
      states: four('sent'),
      paper: { handedOn: '2026-11-25', receivedOn: null },
      counted: [0, 1, 1],
    })
    await receiveLetter(relay, { ...way, receivedOn: '2026-11-26', ...key() }, NEXT_DAY)
    expect(await reads(id)).toMatchObject({
      states: four('acknowledged'),
      paper: { handedOn: '2026-11-25', receivedOn: '2026-11-26' },
      counted: [0, 1, 1],
    })
  })

  test('is as any other once its carrier reads the book', async () => {
    const { id } = await makeBlockingCase({ now: MADE })
    await superuser.query(`UPDATE carriers SET way = 'pull' WHERE id = 'gmobile'`)
    expect(await reads(id)).toMatchObject({ states: four('sent'), paper: null, counted: [0, 1, 1] })
  })

  test('is nothing that its carrier skips, while the relay has its letter', async () => {
    await makeBlockingCase({ now: MADE })
    await makeBlockingCase({ now: addMilliseconds(MADE, 1_000) })
    await superuser.query(
      `UPDATE carrier_orders SET state = 'applied' WHERE carrier_id = 'gmobile' AND issued_at > $1`,
      [MADE],
    )
    const skipped = () =>
      transaction((tx) => countSkippedOrders(tx, 'gmobile', addMilliseconds(MADE, 2 * DAY)))
    expect(await skipped()).toBe(0)
    await superuser.query(`UPDATE carriers SET way = 'pull' WHERE id = 'gmobile'`)
    expect(await skipped()).toBe(1)
  })
})

describe('making letters', () => {
  test('what is new stands in one letter, in the words of the book', async () => {
    const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()], now: MADE })
    const letter = await make()
    expect(letter).toMatchObject({ year: 2026, ordinal: 1, after: 0, upTo: 2, rows: 2, madeById: relay.id })
    const annex = await letterAnnex(letter)
    expect(annex).toBe(annexOf(await linesAfter('gmobile', 0, 2, 10)))
    for (const imei of made.imeis) expect(annex).toContain(`,${imei},block,robbed,`)
    expect(createHash('sha256').update(annex).digest('hex')).toBe(letter.annexSha256)
    expect(await makeLetterNow(relay, { carrierId: 'gmobile', ...key() }, MADE)).toMatchObject({
      error: 'nothing_new',
    })
  })

  test('numbers have no gap, even where two press at once or one is refused', async () => {
    await onPaper('viettel')
    for (let round = 0; round < 3; round++) {
      await makeBlockingCase({ now: MADE })
      const tries = ['gmobile', 'viettel', 'gmobile', 'viettel', 'mobifone'].map((carrierId) =>
        makeLetterNow(relay, { carrierId, ...key() }, MADE),
      )
      expect((await Promise.all(tries)).filter(({ ok }) => ok)).toHaveLength(2)
    }
    await makeBlockingCase({ now: MADE })
    expect(await make('gmobile', new Date('2026-12-31T18:00:00Z'))).toMatchObject({ year: 2027, ordinal: 1 })
    const { rows } = await superuser.query('SELECT ordinal FROM carrier_letters WHERE year = 2026 ORDER BY 1')
    expect(rows.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('the same button twice makes one; what a carrier has otherwise stands in none', async () => {
    await makeBlockingCase({ now: MADE })
    await acknowledge('gmobile', 1, MADE)
    await makeBlockingCase({ now: MADE })
    const input = { carrierId: 'gmobile', ...key() }
    const twice = [await makeLetterNow(relay, input, MADE), await makeLetterNow(relay, input, MADE)]
    expect(twice[0]).toEqual(twice[1])
    expect((await listLetters(relay, null)).letters.map(({ after, upTo }) => [after, upTo])).toEqual([[1, 2]])
  })

  test('the worker gathers all, a letter for each two hundred lines', async () => {
    const steps = Array.from({ length: LINES_A_LETTER + 1 }, () => ({
      imei: randomImei(),
      action: 'block' as const,
      reason: 'lost' as const,
    }))
    const { carrierId } = await makeBook(steps)
    await onPaper(carrierId)
    expect(await gatherLetters(MADE)).toBe(2)
    expect(await gatherLetters(MADE)).toBe(0)
    const made = (await listLetters(relay, null)).letters.filter((letter) => letter.carrierId === carrierId)
    expect(made.map(({ rows, madeById }) => [rows, madeById])).toEqual([
      [1, null],
      [LINES_A_LETTER, null],
    ])
  })

  test('only for carriers on paper, and only by the relay', async () => {
    await makeBlockingCase({ now: MADE })
    const input = { carrierId: 'viettel', ...key() }
    expect(await makeLetterNow(relay, input, MADE)).toMatchObject({ error: 'not_on_paper' })
    for (const role of ['admin', 'city_police', 'carrier', 'auditor'] as const)
      expect(await makeLetterNow(await makeStaff(role), input, MADE)).toMatchObject({ error: 'forbidden' })
  })
})

describe('a letter’s drawing', () => {
  test('is a PDF, kept once, and the same whenever it is drawn', async () => {
    await makeBlockingCase({ now: MADE })
    const letter = await make()
    await drawLetters(MADE)
    const pdf = Buffer.from((await letterPdf(letter)) ?? [])
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const { pdfSha256 } = (await letterFor(relay, letter.id)) ?? {}
    expect(createHash('sha256').update(pdf).digest('hex')).toBe(pdfSha256)
    await superuser.query('ALTER TABLE carrier_letters DISABLE TRIGGER carrier_letters_frozen')
    await superuser.query('UPDATE carrier_letters SET pdf = NULL, pdf_sha256 = NULL')
    await superuser.query('ALTER TABLE carrier_letters ENABLE TRIGGER carrier_letters_frozen')
    await drawLetter(letter.id, NEXT_DAY)
    expect((await letterFor(relay, letter.id))?.pdfSha256).toBe(pdfSha256)
  })

  test('that fails leaves the others theirs', async () => {
    await makeBlockingCase({ now: MADE })
    const broken = await make()
    await makeBlockingCase({ now: NEXT_DAY })
    const letter = await make('gmobile', NEXT_DAY)
    await superuser.query('ALTER TABLE carrier_letters DISABLE TRIGGER carrier_letters_frozen')
    await superuser.query(`UPDATE carrier_letters SET facts = '{}' WHERE id = $1`, [broken.id])
    await superuser.query('ALTER TABLE carrier_letters ENABLE TRIGGER carrier_letters_frozen')
    await drawLetters(NEXT_DAY)
    expect([await letterPdf(broken), await letterPdf(letter)]).toEqual([null, expect.anything()])
  })

  test('and all else that was said once cannot be changed or removed, by anybody', async () => {
    const { letter } = await handed()
    for (const change of [
      `SET ordinal = 9`,
      `SET annex_sha256 = ''`,
      `SET facts = '{}'`,
      `SET pdf = '', pdf_sha256 = ''`,
      `SET handed_on = '2026-11-26'`,
    ])
      await expect(superuser.query(`UPDATE carrier_letters ${change}`)).rejects.toThrow('does not change')
    await expect(superuser.query('DELETE FROM carrier_letters')).rejects.toThrow('does not change')
    expect(await letterFor(relay, letter.id)).toMatchObject({ ordinal: 1, handedOn: '2026-11-25' })
  })
})

describe('the way of a letter', () => {
  test('it is handed over once, on a day that can be', async () => {
    await makeBlockingCase({ now: MADE })
    const letter = await make()
    const over = (on: string) =>
      handOverLetter(relay, { letterId: letter.id, handedOn: on, handedBy: 'courier', ...key() }, NEXT_DAY)
    expect(await over('2026-11-26')).toMatchObject({ error: 'not_drawn' })
    await drawLetter(letter.id, MADE)
    expect(await over('2026-11-24')).toMatchObject({ error: 'too_early' })
    expect(await over('2026-11-27')).toMatchObject({ error: 'in_future' })
    const both = await Promise.all([over('2026-11-25'), over('2026-11-26')])
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(await over('2026-11-26')).toMatchObject({ error: 'done' })
  })

  test('once the carrier has it, its orders are acknowledged', async () => {
    const { letter, case: made } = await handed()
    const receipt = { letterId: letter.id, receivedOn: '2026-11-26', receivedAs: '77/VT', ...key() }
    expect(await receiveLetter(relay, { ...receipt, receivedOn: '2026-11-24' }, NEXT_DAY)).toMatchObject({
      error: 'too_early',
    })
    expect(await receiveLetter(relay, receipt, NEXT_DAY)).toMatchObject({ ok: true })
    expect(await stateOf(made.id)).toBe('acknowledged')
    const carrier = await db.carrier.findUniqueOrThrow({ where: { id: 'gmobile' } })
    expect(Number(carrier.ackedSeq)).toBe(2)
    const entry = await db.auditEntry.findFirst({ where: { act: 'carrier.acknowledge' } })
    expect(entry?.actorId).toBe(relay.id)
    expect(await letterFor(relay, letter.id)).toMatchObject({ receivedOn: '2026-11-26', receivedAs: '77/VT' })
  })

  test('a later one that arrives first says nothing of the one before it', async () => {
    const [first, second] = [await handed(), await handed()]
    const receive = ({ letter }: typeof first) =>
      receiveLetter(
        relay,
        { letterId: letter.id, receivedOn: '2026-11-26', receivedAs: '', ...key() },
        NEXT_DAY,
      )
    const states = () => Promise.all([first, second].map((one) => stateOf(one.case.id)))
    expect(await receive(second)).toMatchObject({ ok: true })
    expect(await states()).toEqual(['sent', 'sent'])
    expect(await receive(first)).toMatchObject({ ok: true })
    expect(await states()).toEqual(['acknowledged', 'acknowledged'])
    const carrier = await db.carrier.findUniqueOrThrow({ where: { id: 'gmobile' } })
    expect(Number(carrier.ackedSeq)).toBe(4)
  })
})

describe('a carrier’s answer on paper', () => {
  const applied = { outcome: 'applied', code: null } as const
  const refused = { outcome: 'rejected', code: 'technical' } as const
  const unknown = { outcome: 'not_found', code: null } as const

  test('is entered line by line, then for all that are left, as the carrier’s own results are', async () => {
    const { letter, case: made } = await handed()
    const answer = (
      lines: [number, typeof applied | typeof refused][],
      all: typeof applied | typeof unknown | null = null,
    ) => answerLetter(relay, { letterId: letter.id, on: '2026-11-25', all, lines: new Map(lines) }, NEXT_DAY)
    expect(await answer([[1, refused]])).toMatchObject({ ok: true, value: 1 })
    expect(await stateOf(made.id)).toBe('failed')
    expect(await answer([], applied)).toMatchObject({ ok: true, value: 1 })
    expect(await stateOf(made.id)).toBe('failed')
    expect(await answer([], applied)).toEqual({ ok: true, value: 0 })
    // A fully answered letter takes no receipt, and no answer except a correction of lines not done.
    expect(await answer([])).toMatchObject({ error: 'answered' })
    expect(await answer([], unknown)).toMatchObject({ error: 'answered' })
    const receipt = { letterId: letter.id, receivedOn: '2026-11-26', receivedAs: '', ...key() }
    expect(await receiveLetter(relay, receipt, NEXT_DAY)).toMatchObject({ error: 'answered' })
    // A failure can be corrected; a line that is done never goes back.
    expect(await answer([[1, applied]])).toMatchObject({ ok: true, value: 1 })
    expect(await answer([[1, refused]])).toMatchObject({ error: 'answered' })
    expect(await answer([[1, applied]])).toEqual({ ok: true, value: 0 })
    expect(await stateOf(made.id)).toBe('applied')
    const lines = await letterLines(letter)
    expect(lines.map(({ outcome, outcomeAt }) => [outcome, outcomeAt?.toISOString()])).toEqual([
      ['applied', '2026-11-25T05:00:00.000Z'],
      ['applied', '2026-11-25T05:00:00.000Z'],
    ])
    const results = await db.auditEntry.findMany({ where: { act: 'order.result' } })
    expect(new Set(results.map(({ actorId }) => actorId))).toEqual(new Set([relay.id]))
    const [listed] = (await listLetters(relay, null)).letters
    expect(listed).toMatchObject({ id: letter.id, unanswered: 0, dueAt: null })
  })

  test('says nothing of other letters, comes after the handover, and from the relay alone', async () => {
    const { letter } = await handed()
    const said = { letterId: letter.id, on: '2026-11-25', all: applied, lines: new Map() }
    expect(
      await answerLetter(relay, { ...said, all: null, lines: new Map([[3, applied]]) }, NEXT_DAY),
    ).toMatchObject({
      error: 'empty',
    })
    expect(await answerLetter(relay, { ...said, on: '2026-11-27' }, NEXT_DAY)).toMatchObject({
      error: 'in_future',
    })
    expect(await answerLetter(await makeStaff('supervisor'), said, NEXT_DAY)).toMatchObject({
      error: 'forbidden',
    })
    expect(await answerLetter(relay, { ...said, letterId: randomUUID() }, NEXT_DAY)).toMatchObject({
      error: 'not_found',
    })
    await makeBlockingCase({ now: MADE })
    const other = await make()
    expect(await answerLetter(relay, { ...said, letterId: other.id }, NEXT_DAY)).toMatchObject({
      error: 'not_handed',
    })
  })
})
