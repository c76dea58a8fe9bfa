import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { exportAnswers } from './answers-acts.ts'

const now = new Date('2026-11-24T03:00:00Z')

async function insert(answers: Record<string, string | string[]>, counted = true): Promise<string> {
  const version = await db.agencyVersion.findFirstOrThrow({ where: { agencyId: 'quan-3' } })
  const id = randomUUID()
  await db.surveyResponse.create({
    data: {
      id,
      agencyId: 'quan-3',
      agencyVersionId: version.id,
      questionnaireVersion: 1,
      serviceDate: new Date('2026-10-07'),
      procedure: 'THỦ TỤC',
      withCode: true,
      receivedMonth: new Date('2026-11-01'),
      answers,
      counted,
    },
  })
  return id
}

async function whole(role: Parameters<typeof makeStaff>[0], version = 1): Promise<string[] | null> {
  const pieces = await exportAnswers(await makeStaff(role), version, now)
  if (pieces === null) return null
  let text = ''
  for await (const piece of pieces) text += piece
  return text.split('\r\n')
}

it('gives the counted answers, one a line by their random ids, and nothing that was written', async () => {
  const ids = [
    await insert({ r1: '5', r2: 'ontime' }),
    await insert({ r1: '=1+1', e1: 'online' }),
    await insert({ r1: '1' }, false),
  ]
  const byId = new Map([
    [ids[0], 'quan-3,2026-11,2026-10,t,f,5,ontime,,,,,,,,,,'],
    [ids[1], "quan-3,2026-11,2026-10,t,f,'=1+1,,,,,,online,,,,,"],
  ])
  expect(await whole('survey_manager')).toEqual([
    'agency,published_month,service_month,with_code,same_network,r1,r2,r3,r4,r5,r6,e1,e2,e3,e4,e5,e6',
    ...[...byId].toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)).map(([, line]) => line),
    '',
  ])
})

it('gives every answer once, however many', async () => {
  await insert({ r1: '5' })
  await db.$executeRaw`
    INSERT INTO survey_responses SELECT gen_random_uuid(), agency_version_id, questionnaire_version, agency_id,
      service_date, procedure, with_code, received_month, answers, counted
    FROM survey_responses, generate_series(1, 12000)`
  // The header, 12,001 rows, and the empty text after the last line end.
  expect(await whole('survey_manager')).toHaveLength(1 + 12_001 + 1)
})

it('is for the survey manager, and is written down', async () => {
  expect(await whole('agency_viewer')).toBeNull()
  expect(await whole('auditor')).toBeNull()
  expect(await whole('survey_manager', 2)).toBeNull()
  expect(await db.auditEntry.count({ where: { act: 'survey.export' } })).toBe(0)
  await whole('survey_manager')
  const entries = await db.auditEntry.findMany({ where: { act: 'survey.export' } })
  expect(entries).toMatchObject([{ subjectKind: 'questionnaire', subjectId: '1' }])
})
