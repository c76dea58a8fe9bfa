import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { ok } from '#lib/result.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db, transaction } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { run } from '../../scripts/run.ts'
import { notify, retryMessages } from './acts.ts'
import { readMessageStanding } from './data.ts'
import type { FailedGroup } from './rules.ts'
import type { NoticeTemplate } from './templates.ts'

const now = new Date('2026-11-24T03:40:00.000Z')

async function fail(template: NoticeTemplate, kind: 'email' | 'phone', error: string, attempts: number) {
  const key = await storedCaseKey(now)
  const to = { kind, value: kind === 'email' ? 'lan@example.vn' : '+84912345678' }
  await transaction((tx) =>
    notify(tx, { key, to, template, locale: 'vi', params: { number: 'HCM-7K3Q-9XWD-4' }, at: now }),
  )
  const { id } = await db.notice.findFirstOrThrow({ where: { caseId: key.caseId } })
  await db.notice.update({ where: { id }, data: { state: 'failed', error, attempts } })
  return id
}

const jobs = async () =>
  (
    await db.$queryRaw<{ id: string }[]>`SELECT data->>'id' AS id FROM pgboss.job WHERE name = 'notice-send'`
  ).map(({ id }) => id)
const states = async () =>
  (await db.notice.findMany({ orderBy: [{ template: 'asc' }], select: { template: true, state: true } })).map(
    ({ template, state }) => `${template} ${state}`,
  )
const as = makeStaff

let ids: Record<'given' | 'refused' | 'gateway' | 'code', string>
beforeEach(async () => {
  ids = {
    given: await fail('submitted', 'email', 'ECONNREFUSED', 13),
    refused: await fail('take', 'email', '550', 1),
    gateway: await fail('objection_submitted', 'phone', 'no_gateway', 1),
    code: await fail('code_view_status', 'email', 'ECONNREFUSED', 4),
  }
  await db.$executeRaw`DELETE FROM pgboss.job WHERE name = 'notice-send'`
})

test('admins and auditors see counts and reasons, and nobody’s contact; others see nothing', async () => {
  for (const role of ['officer', 'relay', 'survey_manager'] as const)
    expect(await readMessageStanding(await as(role), now)).toBeNull()
  const standing = await readMessageStanding(await as('auditor'), now)
  expect(standing?.failed.map(({ since: _, ...group }) => group)).toEqual([
    { kind: 'case', channel: 'email', reason: '550', count: 1, again: 0 },
    { kind: 'case', channel: 'email', reason: 'ECONNREFUSED', count: 1, again: 1 },
    { kind: 'code', channel: 'email', reason: 'ECONNREFUSED', count: 1, again: 0 },
    { kind: 'objection', channel: 'phone', reason: 'no_gateway', count: 1, again: 1 },
  ])
  expect(JSON.stringify(standing)).not.toMatch(/lan@|8491|HCM-/)
})

test('failed messages about registered phones and of helpers are groups of their own', async () => {
  await fail('phones_still_yours', 'email', 'ECONNREFUSED', 4)
  await fail('helping_asked', 'email', 'ECONNREFUSED', 4)
  const { failed = [] } = (await readMessageStanding(await as('auditor'), now)) ?? {}
  expect(failed.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(
    expect.arrayContaining(['phones ECONNREFUSED', 'helping ECONNREFUSED']),
  )
  const group: FailedGroup = { kind: 'phones', channel: 'email', reason: 'ECONNREFUSED' }
  const sent = await retryMessages(await as('admin'), { group, submitKey: randomUUID() }, now)
  expect(sent).toEqual(ok(1))
})

test('an admin sends a group again, once however often the form comes, and the log says how many', async () => {
  const group: FailedGroup = { kind: 'case', channel: 'email', reason: 'ECONNREFUSED' }
  const form = { group, submitKey: randomUUID() }
  expect(await retryMessages(await as('auditor'), form, now)).toMatchObject({ error: 'forbidden' })
  const admin = await as('admin')
  const twice = await Promise.all([retryMessages(admin, form, now), retryMessages(admin, form, now)])
  expect(twice).toEqual([ok(1), ok(1)])
  expect(await jobs()).toEqual([ids.given])
  expect(await states()).toEqual([
    'code_view_status failed',
    'objection_submitted failed',
    'submitted queued',
    'take failed',
  ])
  const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'installation.messages_retried' } })
  expect([entry.actorId, entry.facts]).toEqual([admin.id, { count: 1, ...group }])
  expect(await retryMessages(admin, { group, submitKey: randomUUID() }, now)).toMatchObject({ error: 'none' })
})

test('`npm run messages` says what became of them, sends them again, and prints the texts for Zalo', async () => {
  await db.$executeRaw`INSERT INTO message_counts (day, way, outcome, code, count, segments)
    VALUES (current_date, 'mail', 'given_up', 'ECONNREFUSED', 7, 0)`
  const messages = (...args: string[]) => run(process.execPath, ['scripts/messages.ts', ...args])
  const [status, templates, retry] = await Promise.all([messages(), messages('templates'), messages('retry')])
  expect([status.code, status.output]).toEqual([0, expect.stringMatching(/given_up.*ECONNREFUSED.*7/)])
  expect(templates.code).toBe(0)
  expect(JSON.parse(templates.output)['take.vi']).toEqual({ id: '', text: expect.stringContaining('An') })
  expect([retry.code, retry.output]).toEqual([0, expect.stringContaining('2 messages are sent again')])
  expect((await jobs()).toSorted()).toEqual([ids.given, ids.gateway].toSorted())
  const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'installation.messages_retried' } })
  expect([entry.actorKind, entry.facts]).toMatchObject(['system', { count: 2 }])
})
