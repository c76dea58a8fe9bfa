import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { askReversal } from '#features/city-report/acts.ts'
import { listSuggestions } from '#features/questionnaires/suggestions/data.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { err } from '#lib/result.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { byTwo } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { statementsOf } from '#tests/same-work.ts'
import { shufflePart } from '../mixing/data.ts'
import { rate, type SentRating } from '../rating/acts.ts'
import { readChallenge } from '../rating/challenge-rules.ts'
import { issueForm } from '../rating/proof-acts.ts'
import { newReceiptNumber, type ReceiptNumber } from '../rating/rules.ts'
import { recountExcluded, verifyReceipt } from './acts.ts'
import { findReceiptStanding, listExclusionGroups, readLedger } from './data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const later = (ms: number) => new Date(now.getTime() + ms)
const ANSWERS = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' }

const form = (typed: Record<string, string>, sender: Partial<SentRating['sender']> = {}): SentRating => ({
  agencyId: 'quan-3',
  questionnaireVersion: 1,
  typed: { ...ANSWERS, serviceDate: '2026-11-24', ...typed },
  submitKey: randomUUID(),
  sender: {
    kind: 'address',
    address: '203.0.113.7',
    issued: '',
    proof: '',
    ...sender,
  } as SentRating['sender'],
})

const atKiosk = () => ({ kind: 'kiosk', kioskId: randomUUID(), at: now, ceiling: 60 }) as const

const outcome = async (sent: SentRating, at = now) => {
  const rated = await rate(sent, at)
  return rated.ok ? 'ok' : rated.error.kind
}

/** Solves the puzzle as a browser does. */
async function solved(at = now): Promise<string> {
  const { challenge, salt, signature } = readChallenge((await issueForm(at)).puzzle)
  let number = 0
  while (createHash('sha256').update(`${salt}${number}`).digest('hex') !== challenge) number++
  return JSON.stringify({ algorithm: 'SHA-256', challenge, number, salt, signature })
}

describe('proof of work', () => {
  const { amount } = LIMITS.survey_unproven
  const spend = async () => {
    for (let n = 0; n < amount; n++) expect(await outcome(form({ r1: String(1 + (n % 5)) }))).toBe('ok')
    expect(await outcome(form({}))).toBe('limit')
  }

  it('carries an address past the limit of those without', async () => {
    await spend()
    expect(await outcome(form({}, { proof: await solved() }))).toBe('ok')
  })

  it('is worth one sending, also when it is sent ten times at once under as many keys', async () => {
    await spend()
    const proof = await solved()
    const all = await Promise.all(Array.from({ length: 10 }, () => outcome(form({}, { proof }))))
    expect(all.filter((one) => one === 'ok')).toHaveLength(1)
    expect((await db.surveyResponse.count()) + (await db.excludedResponse.count())).toBe(amount + 1)
  })

  it('is worth nothing when it is forged, altered or expired', async () => {
    await spend()
    const proof = await solved()
    const altered = { ...JSON.parse(proof), number: 1 }
    const forged = { ...JSON.parse(proof), signature: '0'.repeat(64) }
    const longer = { ...JSON.parse(proof), salt: `${JSON.parse(proof).salt}expires=99999999999&` }
    for (const bad of [
      'x',
      '{}',
      '[]',
      'null',
      ...[altered, forged, longer].map((one) => JSON.stringify(one)),
    ])
      expect(await outcome(form({}, { proof: bad }))).toBe('limit')
    expect(await outcome(form({}, { proof: await solved(later(-13 * 3_600_000)) }))).toBe('limit')
  })

  it('is not spent by a form that is refused', async () => {
    const proof = await solved()
    expect(await outcome(form({ dossierCode: 'AB12' }, { address: '198.51.100.9' }))).toBe('ok')
    expect(await outcome(form({ dossierCode: 'AB12' }, { proof }))).toBe('faults')
    await spend()
    expect(await outcome(form({}, { proof }))).toBe('ok')
  })

  // With a moved clock (scripts/moments.ts), libfaketime gives the true time to a signal that ends a wait, so PostgreSQL never
  // sees its timeout come.
  it.skipIf(process.env.FAKETIME)(
    'is good again, and its address a person, where a form could not be recorded',
    async () => {
      await outcome(form({}, { address: '198.51.100.1' }))
      const counted = () =>
        db.$queryRaw`SELECT (SELECT count(*)::int FROM survey_spent_proofs) AS spent, sum(hits)::int AS hits FROM rate_limits`
      const before = await counted()
      const sent = form({}, { proof: await solved() })
      await superuser.query('BEGIN; SELECT FROM survey_tallies FOR UPDATE')
      try {
        await expect(rate(sent, now)).rejects.toThrow('lock timeout')
      } finally {
        await superuser.query('ROLLBACK')
      }
      expect(await counted()).toEqual(before)
      expect(await outcome(sent)).toBe('ok')
      expect(await db.surveyTally.findMany()).toMatchObject([{ waiting: 2, waitingPeople: 2 }])
      expect(await counted()).toMatchObject([{ spent: 1 }])
    },
  )

  it('counts one form sent many times as one', async () => {
    const once = form({})
    for (let n = 0; n < 3 * amount; n++) expect(await outcome(once)).toBe('ok')
    expect(await outcome(form({}))).toBe('ok')
  })
})

describe('exclusion', () => {
  /** Sends each answer with a proof, so that the limits are far. */
  async function send(count: number, typed: (n: number) => Record<string, string>, elapsedMs: number) {
    const receipts: ReceiptNumber[] = []
    for (let n = 0; n < count; n++) {
      const { issued } = await issueForm(now)
      const rated = await rate(form(typed(n), { issued, proof: await solved() }), later(elapsedMs))
      expect(rated).toMatchObject({ ok: true })
      if (rated.ok) receipts.push(rated.value)
    }
    return Promise.all(receipts.map(findReceiptStanding))
  }
  const different = (n: number) => ({ r1: String(1 + (n % 5)), r4: String(1 + (n % 4)) })
  const excluded = (standings: readonly unknown[]) =>
    standings.filter((one) => JSON.stringify(one).includes('excluded'))

  it('keeps what an address sends faster than anybody reads, beyond what could be chance, out of the figures', async () => {
    const { amount } = LIMITS.survey_fast
    const standings = await send(amount + 3, different, 500)
    expect(standings.slice(0, amount)).toEqual(Array(amount).fill({ state: 'counted' }))
    expect(standings.slice(amount)).toEqual(Array(3).fill({ state: 'excluded', reason: 'too_fast' }))
    expect(await db.surveyResponse.count()).toBe(amount)
    expect(await db.excludedResponse.count()).toBe(3)
    expect(await db.surveyTally.findMany()).toMatchObject([{ published: 0, waiting: 20, waitingPeople: 1 }])
    expect(await db.exclusion.findMany()).toMatchObject([
      { agencyId: 'quan-3', reason: 'too_fast', count: 3 },
    ])
  })

  it('tells the manager of a suggestion that came with an answer it keeps out, and of no other, however rows are mixed', async () => {
    const { amount } = LIMITS.survey_fast
    await send(amount + 2, (n) => (n < amount - 1 ? {} : { suggestion: `Ý ${n}` }), 500)
    const marked = async () =>
      (await db.surveySuggestion.findMany({ orderBy: { text: 'asc' } })).map(({ text, excluded }) => [
        text,
        excluded,
      ])
    const expected = [
      [`Ý ${amount - 1}`, false],
      [`Ý ${amount}`, true],
      [`Ý ${amount + 1}`, true],
    ]
    expect(await marked()).toEqual(expected)
    await shufflePart('survey_suggestions', now, { part: 0, parts: 1, salt: 'x' })
    expect(await marked()).toEqual(expected)
    const list = await listSuggestions(await makeStaff('survey_manager'), 'new', null)
    expect(list?.rows.filter(({ excluded }) => excluded)).toHaveLength(2)
  })

  it('keeps nothing that is made of the answers, also of who sends the same again and again', async () => {
    const counters = async () =>
      (await db.rateLimit.findMany({ orderBy: { keyHash: 'asc' } })).map(({ keyHash }) =>
        Buffer.from(keyHash).toString('hex'),
      )
    await send(1, () => ({}), 10_000)
    const before = await counters()
    expect(before).not.toEqual([])
    await send(1, () => ({ r1: '1', r2: 'early', e1: 'online' }), 10_000)
    // Another answer of the address uses the same counters: no key is made from the chosen answers.
    expect(await counters()).toEqual(before)
  })

  it('counts everybody behind one address who takes the time to choose, however alike they answer', async () => {
    const many = 2 * LIMITS.survey_fast.amount
    expect(excluded(await send(many, () => ({}), 3_000))).toEqual([])
    expect(await db.surveyResponse.count()).toBe(many)
  })

  it('never judges a kiosk', async () => {
    for (let n = 0; n < 45; n++) expect(await outcome({ ...form({}), sender: atKiosk() })).toBe('ok')
    expect(await db.kioskResponse.count()).toBe(45)
    expect(await db.excludedResponse.count()).toBe(0)
  })

  it('counts a group after all, with the next ten people, when its manager says why, and only then', async () => {
    const receipts = await send(LIMITS.survey_fast.amount + 13, different, 500)
    expect(excluded(receipts)).toHaveLength(13)
    const group = await db.exclusion.findFirstOrThrow()
    const reason = 'Chung một đường mạng của phường.'
    const manager = await makeStaff('survey_manager')
    const subject = { exclusionId: group.id }
    const named = {
      ...{ ...subject, reason: 'Đã hỏi chị Trần Bảo Ngọc ở phường.' },
      submitKey: randomUUID(),
    }
    expect(await askReversal(manager, named, now)).toEqual(err({ reason: 'personal' }))
    expect((await byTwo(manager, subject, { reason, reasonEn: 'One network.' }, now)).ok).toBe(true)

    await Promise.all([recountExcluded(group.id), recountExcluded(group.id)])
    expect(await db.excludedResponse.count()).toBe(0)
    // They count as one person, and nine others release them.
    expect(await db.surveyTally.findMany()).toMatchObject([{ published: 0, waiting: 33, waitingPeople: 1 }])
    for (let n = 0; n < 9; n++) await outcome(form({}, { address: `198.51.100.${n}` }))
    expect(await db.surveyTally.findMany()).toMatchObject([{ published: 42, waiting: 0, waitingPeople: 0 }])
    expect(await db.surveyResponse.count({ where: { counted: true, repeated: false } })).toBe(42)
    // The answers of the reversed group are in the figures. The address's other answers of the day are not.
    expect(await db.sameNetwork.findMany()).toMatchObject([{ answers: LIMITS.survey_fast.amount - 1 }])
    expect(await db.surveyCell.findFirstOrThrow({ where: { question: 'r1' } })).toMatchObject({
      respondents: 13 + 1 + 9,
    })
    expect(await readLedger()).toMatchObject({
      totals: [{ reason: 'too_fast', excluded: 0, reversed: 13 }],
      reversals: [{ reversal: reason, reversalEn: 'One network.', count: 13, agency: { nameVi: 'Quận 3' } }],
    })
    expect(await db.auditEntry.findMany({ where: { act: 'survey.exclusion_reversed' } })).toMatchObject([
      {
        subjectId: group.id,
        facts: { agency: 'quan-3', rule: 'too_fast', answers: 13, reason, askedBy: manager.id },
      },
    ])
    // An answer excluded after the reversal is in another group, which is not reversed.
    expect(await send(1, different, 500)).toEqual([{ state: 'excluded', reason: 'too_fast' }])
  })

  it('has its groups listed page by page, none left out where one is reversed between two pages', async () => {
    const group = (_: unknown, at: number) => ({
      ...{ id: randomUUID(), agencyId: 'quan-3', questionnaireVersion: 1, reason: 'too_fast' as const },
      ...{ month: new Date(Date.UTC(2024, at)), count: 1 },
    })
    const made = Array.from({ length: 32 }, group)
    await db.exclusion.createMany({ data: made })
    const newest = made.map(({ id }) => id).toReversed()
    const manager = await makeStaff('survey_manager')
    const first = await listExclusionGroups(manager, null)
    expect(first.groups.map(({ id }) => id)).toEqual(newest.slice(0, 30))
    const subject = { exclusionId: newest[29] ?? '' }
    expect((await byTwo(manager, subject, { reason: 'Chung một đường mạng.' }, now)).ok).toBe(true)
    const second = await listExclusionGroups(manager, first.next)
    expect(second.groups.map(({ id }) => id)).toEqual(newest.slice(30))
    expect(second.next).toBeNull()
  })

  it('keeps the ledger’s totals, by many at once, so that they cost the same however many groups there are', async () => {
    const [fast, other] = [LIMITS.survey_fast.amount, { agencyId: 'quan-1' }]
    const { issued } = await issueForm(now)
    const sendAt = async (agency: { agencyId?: string }, n: number) => {
      const proof = await solved()
      return rate({ ...form(different(n), { issued, proof }), ...agency }, later(500))
    }
    for (let n = 0; n < fast; n++) await Promise.all([sendAt({}, n), sendAt(other, n)])
    const atOnce = Array.from({ length: 6 }, (_, n) => [sendAt({}, n), sendAt(other, n)])
    const group = () => db.exclusion.findFirstOrThrow({ where: { agencyId: 'quan-1' } })
    await Promise.all(atOnce.flat())
    const manager = await makeStaff('survey_manager')
    const { id: exclusionId } = await group()
    await Promise.all([
      byTwo(manager, { exclusionId }, { reason: 'Chung một đường mạng.' }, now),
      ...[1, 2, 3].flatMap((n) => [sendAt({}, n), sendAt(other, n)]),
    ])
    const kept = await db.exclusion.aggregate({ _sum: { count: true }, where: { reversedAt: null } })
    const reversed = await db.exclusion.aggregate({
      _sum: { count: true },
      where: { reversedAt: { not: null } },
    })
    const total = { excluded: kept._sum.count, reversed: reversed._sum.count }
    expect([total.excluded ?? 0, total.reversed ?? 0].reduce((sum, one) => sum + one)).toBe(18)
    expect((await readLedger()).totals[0]).toEqual({ reason: 'too_fast', ...total })

    const groups = (await statementsOf(readLedger)).filter((sql) => /survey_exclusions\b/.test(sql))
    expect(groups).toEqual([expect.stringMatching(/ORDER BY .*reversed_at.* LIMIT/)])
  })

  it('tells of a receipt what became of it, as often as a person asks', async () => {
    const rated = await rate(form({}), now)
    const number = rated.ok ? rated.value : ''
    const look = async (typed: string) => {
      const verified = await verifyReceipt(typed, '203.0.113.9', now)
      return verified.ok ? verified.value.standing.state : verified.error.kind
    }
    expect(await look(` ${number.toLowerCase().replaceAll('-', ' ')} `)).toBe('counted')
    const other = newReceiptNumber(randomBytes)
    expect([await look(other), await look('DG-1'), await look(' ')]).toEqual(['unknown', 'format', 'empty'])
    const many = await Promise.all(Array.from({ length: LIMITS.verify_address.amount }, () => look(other)))
    expect(many.filter((one) => one === 'limit')).toHaveLength(2)
  })
})
