import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { err } from '#lib/result.ts'
import { db } from '#tests/db.ts'
import { setStaffActive } from '#tests/factories/accounts.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { dropSnippet, keepSnippet } from './acts.ts'
import { findSnippet, listSnippets } from './data.ts'
import { MOST_SNIPPETS } from './rules.ts'

const now = new Date()
const keep = (actor: Awaited<ReturnType<typeof makeStaff>>, snippet: string, submitKey = randomUUID()) =>
  keepSnippet(actor, { snippet, submitKey }, now)

test('a sentence is kept once a form, for its own person, and written down without its words', async () => {
  const [officer, other] = [await makeStaff('officer'), await makeStaff('officer')]
  const key = randomUUID()
  for (let twice = 0; twice < 2; twice++)
    expect(await keep(officer, '  Nhãn mờ ở góc, các số còn lại rõ. ', key)).toMatchObject({ ok: true })
  const kept = await listSnippets(officer)
  expect(kept).toMatchObject([{ text: 'Nhãn mờ ở góc, các số còn lại rõ.' }])
  expect(await listSnippets(other)).toEqual([])
  const id = kept[0]?.id ?? ''
  expect(await findSnippet(officer, id)).toBe('Nhãn mờ ở góc, các số còn lại rõ.')
  expect(await findSnippet(other, id)).toBeNull()
  const log = await db.auditEntry.findMany({ where: { act: 'account.keep_snippet' } })
  expect(log).toMatchObject([{ actorId: officer.id, subjectId: officer.id }])
  expect(JSON.stringify(log.map(({ facts }) => facts))).not.toContain('Nhãn')
  // Another person's press drops nothing.
  await dropSnippet(other, { snippetId: id, submitKey: randomUUID() }, now)
  expect(await listSnippets(officer)).toHaveLength(1)
  await dropSnippet(officer, { snippetId: id, submitKey: randomUUID() }, now)
  expect(await listSnippets(officer)).toEqual([])
})

test('nothing, what is kept already, what names a person by a number and the thirty-first are refused', async () => {
  const officer = await makeStaff('officer')
  expect(await keep(officer, ' ')).toEqual(err('empty'))
  expect(await keep(officer, 'x'.repeat(1_001))).toEqual(err('too_long'))
  for (const number of ['352987065816623', '0900 000 417', '079.192.007.438'])
    expect(await keep(officer, `Xem số ${number}.`)).toEqual(err('numbers'))
  expect(await keep(officer, 'Gặp ngày 24/11, đủ 2 IMEI.')).toMatchObject({ ok: true })
  expect(await keep(officer, 'Gặp ngày 24/11, đủ 2 IMEI.')).toEqual(err('taken'))
  const rest = Array.from({ length: MOST_SNIPPETS }, (_, n) => keep(officer, `Câu thứ ${n}`))
  const kept = await Promise.all(rest)
  expect(kept.filter(({ ok }) => ok)).toHaveLength(MOST_SNIPPETS - 1)
  expect(await listSnippets(officer)).toHaveLength(MOST_SNIPPETS)
  expect(await keep(await makeStaff('auditor'), 'Câu')).toEqual(err('forbidden'))
})

test('the sentences of a person go when they are dismissed, and nobody else’s', async () => {
  const [admin, officer, other] = [
    await makeStaff('admin'),
    await makeStaff('officer'),
    await makeStaff('officer'),
  ]
  for (const one of [officer, other]) await keep(one, 'Cần ảnh rõ hơn.')
  expect(await setStaffActive(admin, officer.id, false, now)).toMatchObject({ ok: true })
  expect(await listSnippets(officer)).toEqual([])
  expect(await listSnippets(other)).toHaveLength(1)
})
