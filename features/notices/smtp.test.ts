import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { storedCaseKey } from '#tests/case-key.ts'
import { db, transaction } from '#tests/db.ts'
import { ownDataDirectory, readable } from '#tests/outbox.ts'
import { notify } from './commands.ts'
import { sendNotice } from './jobs.ts'

ownDataDirectory()
const at = new Date('2026-11-24T03:40:00Z')

/** Enough of SMTP (RFC 5321) to take a mail, or to refuse its recipient. */
let server: Server
let refuse = false
let received: string[] = []
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
      } else if (/^RCPT/i.test(text) && refuse) socket.write('550 no such user lan@example.vn\r\n')
      else if (/^QUIT/i.test(text)) socket.end('221 bye\r\n')
      else socket.write('250 ok\r\n')
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  process.env.SMTP_URL = `smtp://127.0.0.1:${port}`
  process.env.PUBLIC_URL = 'https://antam.example.vn'
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
  refuse = false
  received = []
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

it('keeps the number of a refusal and not its words, which name the person', async () => {
  refuse = true
  const id = await queued()
  const error = await sendNotice(id, at).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).message).toBe(`notice ${id} could not be sent: 550`)
  expect((error as Error).cause).toBeUndefined()
  expect(await db.notice.findUnique({ where: { id } })).toMatchObject({
    state: 'queued',
    attempts: 1,
    error: '550',
  })
})
