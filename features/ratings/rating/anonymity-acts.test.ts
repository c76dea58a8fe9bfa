import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { sweep } from '#features/retention/jobs.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { DAY, HOUR, localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { shuffleAnswers } from '../mixing/acts.ts'
import { SHUFFLED } from '../mixing/data.ts'
import { rate, type SentRating } from './acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const later = (ms: number) => new Date(now.getTime() + ms)
const ANSWERS = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' }

let nextAddress = 0
const ownAddress = () => `10.2.${Math.floor(nextAddress / 250)}.${nextAddress++ % 250}`

const form = (typed: Record<string, string> = {}, address = ownAddress()): SentRating => ({
  agencyId: 'quan-3',
  questionnaireVersion: 1,
  typed: { ...ANSWERS, serviceDate: '2026-11-24', ...typed },
  submitKey: randomUUID(),
  sender: { kind: 'address', address, issued: '', proof: '' },
})
/** Makes a separate kiosk for each answer, so that none waits for the pace of another. */
const atKiosk = (at = now) => ({ kind: 'kiosk', kioskId: randomUUID(), at, ceiling: 60 }) as const

async function send(sent: SentRating, at = now): Promise<string> {
  const rated = await rate(sent, at)
  return rated.ok ? rated.value : rated.error.kind
}

/**
 * Sends answers together, each with its own number in every field that can carry it. Nobody may be able to link these numbers
 * again.
 */
async function sendAll(count: number, first: number, at = now): Promise<void> {
  for (let n = first; n < first + count; n++) {
    const typed = {
      procedure: `thủ tục ${n}`,
      comment: `lời ${n}`,
      suggestion: `góp ý ${n}`,
      dossierCode: `H29-${n}`,
      serviceDate: localDate(at),
    }
    expect(await send(n % 3 === 1 ? { ...form(typed), sender: atKiosk(at) } : form(typed), at)).toMatch(
      /^DG-/,
    )
  }
}

const rows = async <T>(sql: string): Promise<T[]> => (await superuser.query(sql)).rows

describe('what is counted for an address', () => {
  const sharing = () =>
    rows<{ table: string }>(
      `WITH answers AS (SELECT xmin::text AS x FROM survey_responses
         UNION SELECT xmin::text FROM survey_excluded_responses)
       SELECT 'rate_limits' AS table FROM rate_limits WHERE xmin::text IN (SELECT x FROM answers)
       UNION ALL SELECT 'survey_spent_proofs' FROM survey_spent_proofs WHERE xmin::text IN (SELECT x FROM answers)`,
    )

  it('is written in another transaction than the answer, the tenth and the excluded too', async () => {
    for (let n = 0; n < 10; n++) await send(form())
    for (let n = 0; n < LIMITS.survey_fast.amount; n++) await send(form({}, '203.0.113.1'))
    await send(form({}, '203.0.113.1'), later(HOUR))
    expect(await db.excludedResponse.count()).toBe(1)
    expect((await db.rateLimit.count()) > 10).toBe(true)
    expect(await sharing()).toEqual([])
  })

  it('is gone a day later, and what tells people apart says no time', async () => {
    await send(form())
    const ends = await rows<{ at: Date }>(`SELECT ends_at AS at FROM rate_limits ORDER BY ends_at DESC`)
    // The limits of an hour and a day, the city's midnight, and the sign of a form that we did not make.
    expect(ends.map(({ at }) => at.toISOString())).toContain('2026-11-24T17:00:00.000Z')
    await sweep(later(DAY + 1))
    expect(await db.rateLimit.count()).toBe(0)
  })

  it('is given back where the form is refused', async () => {
    await send(form({ dossierCode: 'H29-1' }))
    const address = '203.0.113.2'
    expect(await send(form({ dossierCode: 'H29-1' }, address))).toBe('faults')
    await send(form({}, address))
    expect(await db.surveyTally.findMany()).toMatchObject([{ waiting: 2, waitingPeople: 2 }])
  })

  it('is counted once for a form that is sent many times at once', async () => {
    const once = form({}, '203.0.113.3')
    const receipts = await Promise.all(Array.from({ length: 8 }, () => send(once)))
    expect(new Set(receipts).size).toBe(1)
    expect(await db.surveyTally.findMany()).toMatchObject([{ waiting: 1, waitingPeople: 1 }])
    const { amount } = LIMITS.survey_unproven
    for (let n = 1; n < amount; n++) expect(await send(form({}, '203.0.113.3'))).toMatch(/^DG-/)
    expect(await send(form({}, '203.0.113.3'))).toBe('limit')
    expect(await db.surveyTally.findMany()).toMatchObject([{ waiting: amount, waitingPeople: 1 }])
  })
})

describe('ten people', () => {
  const tally = async () => {
    const [one] = await db.surveyTally.findMany()
    return one && [one.published, one.waiting, one.waitingPeople]
  }

  it('are not ten answers of one address: those wait, are released with nine others, and weigh as one', async () => {
    for (let n = 0; n < 12; n++) expect(await send(form({ r1: '1' }, '203.0.113.4'))).toMatch(/^DG-/)
    expect(await tally()).toEqual([0, 12, 1])
    expect(await db.surveyCell.count()).toBe(0)
    for (let n = 0; n < 8; n++) await send(form())
    expect(await tally()).toEqual([0, 20, 9])
    await send(form({}, '203.0.113.4'))
    expect(await tally()).toEqual([0, 21, 9])
    await send(form())
    expect(await tally()).toEqual([22, 0, 0])
    const cell = await db.surveyCell.findFirstOrThrow({ where: { question: 'r1' } })
    expect(cell).toMatchObject({ respondents: 10, published: { '1': 1, '4': 9 }, heldPeople: 0 })
    // It does not count with the next ten, but again on the next day.
    await send(form({}, '203.0.113.4'))
    expect(await tally()).toEqual([22, 1, 0])
    await send(form({}, '203.0.113.4'), later(DAY))
    expect(await tally()).toEqual([22, 2, 1])
  })

  it('are counted where the answers are, also when they come at once and others are released on the way', async () => {
    const twice = Array.from({ length: 25 }, () => ownAddress()).flatMap((address) => [address, address])
    await Promise.all(twice.map((address) => send(form({}, address))))
    const [one] = await db.surveyTally.findMany()
    expect(one && one.published + one.waiting).toBe(50)
    const waiting = await db.surveyResponse.findMany({ where: { counted: false } })
    expect(waiting).toHaveLength(one?.waiting ?? -1)
    expect(waiting.filter(({ repeated }) => !repeated)).toHaveLength(one?.waitingPeople ?? -1)
    expect(one?.waitingPeople).toBeLessThan(10)
  })

  it('are each counted that are sent at once to one server, even when tens are released between them', async () => {
    const receipts = await Promise.all(Array.from({ length: 47 }, () => send(form())))
    expect(new Set(receipts).size).toBe(47)
    expect(await tally()).toEqual([40, 7, 7])
  })

  it('are ten addresses in each release, each once a day, by whichever of several servers they come', async () => {
    // Each server has its own turns.
    const servers = [rate]
    while (servers.length < 3) {
      vi.resetModules()
      servers.push((await import('./acts.ts')).rate)
    }
    // Notes the content of each release: in this test the answers name their address.
    await superuser.query(`
      CREATE TABLE released (batch integer, address text, person boolean);
      CREATE FUNCTION note_release() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN
        INSERT INTO released SELECT batches, OLD.procedure, NOT OLD.repeated FROM survey_tallies;
        RETURN NULL;
      END $$;
      CREATE TRIGGER note_release AFTER UPDATE OF counted ON survey_responses FOR EACH ROW
        WHEN (NEW.counted AND NOT OLD.counted) EXECUTE FUNCTION note_release()`)
    try {
      let [sent, run] = [0, 0]
      const sending = fc.record({
        server: fc.nat(2),
        address: fc.nat(11),
        kiosk: fc.nat(3).map((n) => n === 0),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(sending, { minLength: 30, maxLength: 90 }), async (sendings) => {
          run++
          const receipts = await Promise.all(
            sendings.map(async ({ server, address, kiosk }, n) => {
              const from = `10.9.${run}.${address}`
              const one = form({ procedure: kiosk ? `kiosk ${sent + n}` : from }, from)
              const rated = await servers[server]?.(kiosk ? { ...one, sender: atKiosk() } : one, later(sent))
              return rated?.ok ? rated.value : JSON.stringify(rated)
            }),
          )
          for (const receipt of receipts) expect(receipt).toMatch(/^DG-|limit/)
          sent += receipts.filter((receipt) => receipt.startsWith('DG-')).length
          const apart = await db.kioskResponse.count()
          const batches = await rows<{ people: number; addresses: number }>(`
            SELECT count(*) FILTER (WHERE person)::int AS people,
              count(DISTINCT address) FILTER (WHERE person)::int AS addresses FROM released GROUP BY batch`)
          for (const batch of batches) expect(batch).toEqual({ people: 10, addresses: 10 })
          const waiting = await db.surveyResponse.findMany({ where: { counted: false } })
          const people = waiting.filter(({ repeated }) => !repeated).map(({ procedure }) => procedure)
          expect(new Set(people).size, 'an address counts once').toBe(people.length)
          const [published, waits, waitingPeople] = (await tally()) ?? []
          expect([waits, waitingPeople]).toEqual([waiting.length, people.length])
          expect((published ?? 0) + (waits ?? 0) + apart, 'nothing is lost').toBe(sent)
        }),
        { numRuns: 25 },
      )
      expect((await tally())?.[0]).toBeGreaterThan(0)
    } finally {
      await superuser.query('DROP TABLE released; DROP FUNCTION note_release CASCADE')
    }
  })

  it('are never people at a kiosk, and release none of its answers', async () => {
    for (let n = 0; n < 10; n++) await send({ ...form(), sender: atKiosk() })
    expect(await tally()).toBeUndefined()
    for (let n = 0; n < 10; n++) await send(form())
    expect(await tally()).toEqual([10, 0, 0])
    expect(await db.kioskResponse.count({ where: { counted: true } })).toBe(0)
    expect(await db.kioskResponse.count()).toBe(10)
  })

  it('have to have answered a question that it is told', async () => {
    for (let n = 0; n < 9; n++) await send(form({ e1: 'online' }, '203.0.113.5'))
    for (let n = 0; n < 8; n++) await send(form())
    await send(form({ e1: 'counter' }))
    expect(await tally()).toEqual([18, 0, 0])
    expect(await db.surveyCell.findFirstOrThrow({ where: { question: 'e1' } })).toMatchObject({
      respondents: 0,
      published: {},
      heldRespondents: 2,
      heldPeople: 2,
    })
  })
})

describe('after the daily job', () => {
  /** Returns each row as text, in the table's physical order, with the transaction that wrote it. */
  const stored = (table: string) =>
    rows<{ row: string; x: string }>(
      `SELECT to_jsonb(t)::text AS row, xmin::text AS x FROM ${table} t
       ${table === 'submissions' ? `WHERE act LIKE 'survey.rate%'` : ''} ORDER BY ctid`,
    )
  const content = async () =>
    Object.fromEntries(
      await Promise.all(
        SHUFFLED.map(
          async (table) => [table, (await stored(table)).map(({ row }) => row).toSorted()] as const,
        ),
      ),
    )

  it.each([1, 2, 9, 11])('no transaction, key or time joins %i new rows of two tables', async (count) => {
    // Rows of the month before and of earlier days of this month, as there are after a while.
    await sendAll(7, 100, new Date('2026-10-30T03:00:00Z'))
    await sendAll(5, 200, later(-3 * DAY))
    await shuffleAnswers(later(-2 * DAY))
    await sendAll(count, 300)
    const before = await content()
    const together = await rows(
      `SELECT FROM survey_responses r JOIN survey_receipts q ON q.xmin::text = r.xmin::text
       WHERE r.procedure LIKE '%3__'`,
    )
    expect(together.length, 'as they come, they can be joined').toBeGreaterThan(0)
    await shuffleAnswers(later(HOUR))
    expect(await content(), 'nothing is lost or changed').toEqual(before)

    const writtenBy = new Map<string, string>()
    const values = new Map<string, string>()
    for (const table of SHUFFLED) {
      const all = await stored(table)
      // All rows of a table, the old ones too, have the same transaction: none shows a day.
      expect(new Set(all.map(({ x }) => x)).size, table).toBeLessThanOrEqual(1)
      for (const { row, x } of all) {
        expect(writtenBy.get(x) ?? table).toBe(table)
        writtenBy.set(x, table)
        // The agency's version is in the catalogue, and identifies no single row.
        const { agency_version_id: _, ...fields } = JSON.parse(row) as Record<string, unknown>
        for (const value of Object.values(fields)) {
          // A value long enough to identify one row is in no other table.
          if (typeof value !== 'string' || !/^[0-9a-f-]{36}$|^\\\\?x[0-9a-f]{40,}$|^DG-/i.test(value))
            continue
          expect(values.get(value) ?? table, value).toBe(table)
          values.set(value, table)
        }
        if (table !== 'survey_responses') expect(row).not.toMatch(/thủ tục/)
        expect(row, 'no time of a day').not.toMatch(/T(?!00:00:00)\d\d:\d\d:\d\d/)
      }
    }
    expect(values.size).toBeGreaterThan(count)
  })

  it.each([1, 2, 9, 11])('the place of %i new rows says nothing of when they came', async (count) => {
    await sendAll(14, 100, later(-3 * DAY))
    await sendAll(count, 300)
    const places = async () =>
      (await rows<{ text: string }>('SELECT text FROM survey_comments ORDER BY ctid')).map(({ text }) =>
        Number(text.slice(4)),
      )
    const inOrder = await places()
    const seen = new Set<string>()
    const firsts = new Set<number>()
    for (let run = 0; run < 8; run++) {
      await shuffleAnswers(later(HOUR))
      const now = await places()
      expect(now.toSorted((a, b) => a - b)).toEqual(inOrder.toSorted((a, b) => a - b))
      seen.add(now.join())
      firsts.add(now.indexOf(300))
    }
    // Eight orders of 15 rows and more, and the newest's place among them, are the same once in millions of years.
    expect(seen.size).toBe(8)
    expect(seen.has(inOrder.join())).toBe(false)
    expect(firsts.size).toBeGreaterThan(1)
  })

  it('is not held up by who writes, and holds nobody up; what is written meanwhile is not lost', async () => {
    await sendAll(20, 400)
    const writing = (async () => {
      for (let n = 0; n < 30; n++) await send(form())
    })()
    for (let run = 0; run < 3; run++) await shuffleAnswers(now)
    await writing
    const [one] = await db.surveyTally.findMany()
    const counted = await db.surveyResponse.count({ where: { counted: true } })
    const waiting = await db.surveyResponse.count({ where: { counted: false } })
    expect([counted, waiting]).toEqual([one?.published, one?.waiting])
    expect(counted + waiting + (await db.kioskResponse.count())).toBe(50)
    expect(await db.surveyReceipt.count()).toBe(50)
  })
})

it('a form’s key is remembered with its month alone, and for no longer than it is needed', async () => {
  await send(form())
  await send({ ...form(), sender: atKiosk() })
  const submissions = await db.submission.findMany()
  expect(submissions.map(({ at }) => at.toISOString())).toEqual(Array(2).fill('2026-11-01T00:00:00.000Z'))
  await sweep(new Date('2026-12-07T03:00:00Z'))
  expect(await db.submission.count()).toBe(2)
  await sweep(new Date('2026-12-10T03:00:00Z'))
  expect((await db.submission.findMany()).map(({ act }) => act)).toEqual(['survey.rate_at_kiosk'])
  await sweep(new Date('2027-01-05T03:00:00Z'))
  expect(await db.submission.count()).toBe(0)
})
