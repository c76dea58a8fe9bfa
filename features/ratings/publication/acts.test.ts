import { expect, it } from 'vitest'
import { GET as ofParts } from '#app/api/v1/results/parts/route.ts'
import type { PartRows } from '#app/api/v1/results/schemas.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { superuser } from '#tests/database.ts'
import { makeRating } from '#tests/factories/rating.ts'

/** Counts people one by one until their answers are due. Returns how many they were. */
async function countUntilDue(statement: string): Promise<number> {
  for (let people = 1; people <= 100; people++) {
    const { rows } = await superuser.query(statement)
    if (rows[0].due) return people
  }
  throw new Error('never due')
}

it('the database counts to the group that the code names, and the release before counts to ten', async () => {
  const group = MIN_PUBLIC_GROUP - 3
  // The CHECK refuses fewer than ten public answers, so three that count as nobody wait with those seven people.
  const seven = `SELECT due FROM count_answer('quan-3', 1, true, ${group})`
  for (let n = 0; n < 3; n++) await superuser.query(`SELECT count_answer('quan-3', 1, false, ${group})`)
  expect(await countUntilDue(seven)).toBe(group)
  for (let n = 0; n < 3; n++) await superuser.query(`SELECT count_answer('quan-3', 1, false, ${group})`)
  expect(await countUntilDue(seven)).toBe(group)
  expect(await countUntilDue(`SELECT due FROM count_rating('quan-4', 1, true)`)).toBe(10)
})

it('the CHECK on what is public and waits is that of the code', async () => {
  const { rows } = await superuser.query(
    `SELECT pg_get_constraintdef(oid) AS rule FROM pg_constraint WHERE conname = 'survey_tallies_by_tens'`,
  )
  expect(rows[0].rule).toContain(`published >= ${MIN_PUBLIC_GROUP}`)
  expect(rows[0].rule).toContain(`waiting_people <= ${MIN_PUBLIC_GROUP - 1}`)
})

it('kiosks are counted to thirty for the release before too', async () => {
  const taken = async (call: string) => (await superuser.query(`SELECT * FROM ${call}`)).rowCount
  const { rows } = await superuser.query(
    `SELECT id FROM agency_versions WHERE agency_id = 'quan-3' ORDER BY valid_from DESC LIMIT 1`,
  )
  await superuser.query(
    `INSERT INTO survey_kiosk_responses (id, agency_version_id, questionnaire_version, agency_id, service_date, week, answers, person)
     SELECT gen_random_uuid(), $1, 1, 'quan-3', '2026-11-24', '2026-11-23', '{"r1":"4"}', true FROM generate_series(1, 29)`,
    [rows[0].id],
  )
  const before = `take_kiosk_answers('quan-3', 1, '2026-11-23', '2026-12-01')`
  expect(await taken(before)).toBe(0)
  expect(await taken(`take_kiosk_weeks('quan-3', 1, '2026-11-23', '2026-12-01', 30)`)).toBe(0)
  await superuser.query(
    `INSERT INTO survey_kiosk_responses (id, agency_version_id, questionnaire_version, agency_id, service_date, week, answers, person)
     SELECT gen_random_uuid(), $1, 1, 'quan-3', '2026-11-24', '2026-11-23', '{"r1":"4"}', true`,
    [rows[0].id],
  )
  expect(await taken(before)).toBe(30)
})

it('thirty answers that name a procedure, nine of them of a month gone by, are told by it and by their months', async () => {
  const now = new Date('2026-11-24T03:00:00Z')
  const send = (n: number, serviceDate: string, procedure: string) =>
    makeRating(
      'quan-11',
      now,
      { r1: n % 3 === 0 ? '2' : '5', r2: n < 10 ? 'notdue' : 'ontime', serviceDate, procedure },
      { address: `203.0.113.${n}` },
    )
  for (let n = 0; n < 20; n++) await send(n, '20/11/2026', 'đăng ký khai sinh')
  for (let n = 20; n < 29; n++) await send(n, '02/10/2026', 'Birth registration')
  await send(29, '01/06/2026', '1.001193')
  const told = async () => {
    const answer = await ofParts(
      new Request('http://localhost/', { headers: { accept: 'application/json' } }),
      {
        params: Promise.resolve({}),
      },
    )
    const { parts } = (await answer.json()) as PartRows
    return Object.fromEntries(
      parts.map(({ facet, value, respondents }) => [`${facet} ${value}`, respondents]),
    )
  }
  // Nine services were in October and one in June: together they are the ten that stay unpublished.
  expect(await told()).toEqual({
    'procedure 1.001193': 30,
    'month 2026-11': 20,
    'state waiting': 10,
    'state done': 20,
  })
  // Words that name no procedure are stored with the answer, and published nowhere.
  for (let n = 30; n < 40; n++) await send(n, '20/11/2026', `xin giấy lạ ${n}`)
  expect(await told()).toMatchObject({ 'procedure 1.001193': 30, 'month 2026-11': 30, 'state done': 30 })
  expect(await superuser.query(`SELECT value FROM survey_parts WHERE value LIKE 'xin%'`)).toMatchObject({
    rowCount: 0,
  })
  await expect(
    superuser.query(`UPDATE survey_parts SET respondents = 9 WHERE facet = 'month' AND value <> ''`),
  ).rejects.toThrow('survey_parts_by_tens')
})
