import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { LIMITS } from '#lib/access/limits.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db, transaction } from '#tests/db.ts'
import { messageOf, readable } from '#tests/outbox.ts'
import { notify, type OutgoingNotice } from '../acts.ts'
import { sendNotice } from '../jobs.ts'
import { askOfMessage } from './acts.ts'
import { codeOfMessage } from './rules.ts'

const at = new Date('2026-11-24T07:02:00Z')
const PHONE = { kind: 'phone', value: '+84912345678' } as const
const MAIL = { kind: 'email', value: 'lan@example.vn' } as const

async function sent(notice: Partial<OutgoingNotice> = {}) {
  const key = await storedCaseKey(at)
  const params = { number: 'HCM-7K3Q-9XWD-4', code: '482913' }
  const whole = { key, to: PHONE, template: 'submitted', locale: 'vi', params, at, ...notice } as const
  await transaction((tx) => notify(tx, whole))
  const { id } = await db.notice.findFirstOrThrow({ where: { caseId: key.caseId } })
  await sendNotice(id, addMilliseconds(at, MINUTE))
  const content = messageOf(process.env.DATA_DIR ?? '', id)?.content ?? ''
  const text = content.startsWith('{') ? JSON.parse(content).text : readable(content)
  return { id, caseId: key.caseId, text: String(text) }
}
let addresses = 0
const ask = (typed: string, address = `192.0.2.${++addresses}`, now = at) => askOfMessage(typed, address, now)

test.each([
  ['an SMS', PHONE, 'vi', { kind: 'phone', end: '678' }, 'Đã nhận báo mất máy, hồ sơ …'],
  ['a mail', MAIL, 'en', { kind: 'email', end: 'l•••@e•••.vn' }, expect.stringContaining('case …')],
] as const)(
  '%s bears a code by which it is known: when, to whom, and what it says',
  async (_, to, locale, end, subject) => {
    const { id, text } = await sent({ to, locale })
    expect(text).toContain(codeOfMessage(id))
    const asked = await ask(text)
    expect(asked).toMatchObject(
      ok({
        code: codeOfMessage(id),
        message: { at: addMilliseconds(at, MINUTE), to: end, subject, locale },
      }),
    )
    // A person with a code learns neither the case's number nor the contact.
    expect(JSON.stringify(asked)).not.toMatch(/7K3Q|34567|lan@/)
  },
)

test('a code that no message bears is not ours, and nor is that of a message that is gone with its case', async () => {
  const { id, caseId } = await sent()
  const code = codeOfMessage(id)
  expect(await ask(code)).toMatchObject(ok({ message: { to: { end: '678' } } }))
  await db.caseKey.delete({ where: { caseId } })
  const gone = await ask(code)
  const never = await ask(codeOfMessage(randomUUID()))
  for (const one of [gone, never]) expect(one).toMatchObject(ok({ message: null }))
  expect(Object.keys(gone.ok ? gone.value : {})).toEqual(Object.keys(never.ok ? never.value : {}))
})

test('what is no code is told beside its field and counts as no try', async () => {
  for (let n = 0; n < LIMITS.message_address.amount + 1; n++)
    expect(await ask('Máy đã tìm thấy', '198.51.100.1')).toEqual(err({ kind: 'format' }))
  expect(await ask(codeOfMessage(randomUUID()), '198.51.100.1')).toMatchObject({ ok: true })
})

test('ten thousand guesses from one address look at a few codes and learn nothing, also where messages were sent', async () => {
  const { id } = await sent()
  const counted: Record<string, number> = {}
  const guess = async () => {
    const tried = await ask(codeOfMessage(randomUUID()), '198.51.100.2')
    const said = tried.ok ? (tried.value.message === null ? 'unknown' : 'found') : tried.error.kind
    counted[said] = (counted[said] ?? 0) + 1
  }
  for (let batch = 0; batch < 1_000; batch++) await Promise.all(Array.from({ length: 10 }, guess))
  expect(counted.unknown).toBeLessThan(LIMITS.message_address.amount + 10)
  expect(counted).toEqual({ unknown: counted.unknown, limit: 10_000 - (counted.unknown ?? 0) })
  // Over the limit, even the right code gets no answer; from another address it does.
  expect(await ask(codeOfMessage(id), '198.51.100.2')).toMatchObject(err({ kind: 'limit' }))
  expect(await ask(codeOfMessage(id))).toMatchObject(ok({ message: { subject: expect.any(String) } }))
}, 60_000)
