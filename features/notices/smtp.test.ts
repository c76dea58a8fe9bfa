import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jobs } from '#features/accounts/preferences/jobs.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db, transaction } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { readable } from '#tests/outbox.ts'
import { notify } from './acts.ts'
import { sendNotice } from './jobs.ts'

const at = new Date('2026-11-24T03:40:00Z')

/** Enough of SMTP (RFC 5321) to accept a mail, or to refuse its recipient. */
let server: Server
let refusal = ''
let received: string[] = []
let senders: string[] = []
beforeAll(async () => {
  server = createServer((socket) => {
    let inData = false
    socket.write('220 test\r\n')
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      if (inData) {
        received[received.length - 1] += text
        if (!received.at(-1)?.endsWith('\r\n.\r\n')) return
        inData = false
        socket.write('250 taken\r\n')
      } else if (/^DATA/i.test(text)) {
        inData = true
        received.push('')
        socket.write('354 go on\r\n')
      } else if (/^RCPT/i.test(text) && refusal) socket.write(`${refusal}\r\n`)
      else if (/^QUIT/i.test(text)) socket.end('221 bye\r\n')
      else {
        if (/^MAIL FROM/i.test(text)) senders.push(text.trim())
        socket.write('250 ok\r\n')
      }
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  process.env.SMTP_URL = `smtp://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  Object.assign(process.env, {
    PUBLIC_URL: 'https://antam.example.vn',
    MAIL_FROM: 'An Tâm <khong-tra-loi@antam.example.vn>',
    MAIL_BOUNCE: 'tra-lai@antam.example.vn',
    DKIM_DOMAIN: 'example.vn',
    DKIM_SELECTOR: 'antam',
    DKIM_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  })
})
afterAll(() => server.close())

async function queued(): Promise<string> {
  const key = await storedCaseKey(at)
  const to = { kind: 'email', value: 'lan@example.vn' } as const
  const params = { number: 'HCM-7K3Q-9XWD-4' }
  await transaction((tx) => notify(tx, { key, to, template: 'approve', locale: 'en', params, at }))
  return (await db.notice.findFirstOrThrow({ where: { caseId: key.caseId } })).id
}

it('hands a mail to the SMTP server, twice under one Message-ID when it must', async () => {
  refusal = ''
  received = []
  senders = []
  const id = await queued()
  await sendNotice(id, at)
  await db.notice.update({ where: { id }, data: { state: 'queued' } })
  await sendNotice(id, at)
  const ids = received.map((mail) => /^Message-ID: (.*)\r$/im.exec(mail)?.[1])
  expect(ids).toHaveLength(2)
  expect(ids[0]).toMatch(/^<[a-p-]+@antam\.example\.vn>$/)
  expect(ids[1]).toBe(ids[0])
  expect(readable(received[0] ?? '')).toContain('https://antam.example.vn/en/track')
})

it('a mail is signed, returns to the mailbox for it, and asks for no automatic answer', async () => {
  ;[refusal, received, senders] = ['', [], []]
  await sendNotice(await queued(), at)
  const [head = ''] = (received[0] ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n\r\n')
  expect(senders[0]).toMatch(/^MAIL FROM:<tra-lai@antam\.example\.vn>/)
  expect(head).toMatch(/^From: .*<khong-tra-loi@antam\.example\.vn>$/m)
  expect(head).toMatch(/^DKIM-Signature: .*d=example\.vn;.* s=antam;/m)
  expect(head).toMatch(/^Auto-Submitted: auto-generated$/m)
  // A message about one's own case is not from a list, and cannot be unsubscribed.
  expect(head).not.toMatch(/^List-/m)
})

it('what waits for staff is of a list that they may leave; news of their account is of none', async () => {
  const send = jobs.find(({ queue }) => queue === 'account-notice')
  if (send?.queue !== 'account-notice') throw new Error('there is no such job')
  const account = await makeStaff('officer')
  for (const [notice, listed] of [
    ['morning', true],
    ['password_changed', false],
  ] as const) {
    ;[refusal, received] = ['', []]
    const data = { id: randomUUID(), accountId: account.id, notice, count: 3 }
    await send.run(data, at, new AbortController().signal)
    const head = (received[0] ?? '').replace(/\r\n[ \t]+/g, ' ')
    expect(/^List-ID: "An Tam" <cong-viec\.antam\.example\.vn>/im.test(head), notice).toBe(listed)
    const page = /^List-Unsubscribe: <https:\/\/antam\.example\.vn\/quan-tri\/tai-khoan-cua-toi>/im
    expect(page.test(head), notice).toBe(listed)
  }
})

it.each([
  ['550 no such user lan@example.vn', '550'],
  ['550 5.1.1 lan@example.vn: unknown', '550'],
  ['552 5.2.2 mailbox of lan@example.vn is full', '552'],
])('stops at once at a mailbox that is refused for good: %s', async (said, code) => {
  refusal = said
  const id = await queued()
  await sendNotice(id, at)
  expect(await db.notice.findUnique({ where: { id } })).toMatchObject({
    state: 'failed',
    attempts: 1,
    error: code,
  })
  expect(await db.messageCount.findMany()).toMatchObject([
    { way: 'mail', outcome: 'refused', code, count: 1 },
  ])
})

it.each([
  ['451 4.7.1 greylisted, lan@example.vn', '451'],
  ['550 5.7.1 relaying for lan@example.vn denied', '550'],
  ['554 blocked, see our list', '554'],
])('tries again where the refusal is not of the mailbox: %s', async (said, code) => {
  refusal = said
  const id = await queued()
  await expect(sendNotice(id, at)).rejects.toThrow(`notice ${id} could not be sent: ${code}`)
  expect(await db.notice.findUnique({ where: { id } })).toMatchObject({ state: 'queued', error: code })
})

it('keeps the number of a refusal and not its words, which name the person', async () => {
  refusal = '450 no such user lan@example.vn'
  const id = await queued()
  const error = await sendNotice(id, at).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).message).toBe(`notice ${id} could not be sent: 450`)
  expect((error as Error).cause).toBeUndefined()
  expect(await db.notice.findUnique({ where: { id } })).toMatchObject({
    state: 'queued',
    attempts: 1,
    error: '450',
  })
})
