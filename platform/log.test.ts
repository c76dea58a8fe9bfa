import { expect, test } from 'vitest'
import { Prisma } from '#generated/prisma/client.ts'
import { createLog } from './log.ts'
import { withRequestId } from './request.ts'

const CANARY = 'Nguyễn Thị Kiểm Thử'
const EMAIL = 'canary@example.vn'
const IMEI = '356938035643809'

function written(work: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = []
  work(createLog('debug', { write: (line: string) => void lines.push(line) }))
  return lines
}
const parsed = (work: Parameters<typeof written>[0]) => JSON.parse(written(work)[0] ?? '')

test.each([
  ...[
    'name',
    'fullName',
    'full_name',
    'FULLNAME',
    'nationalId',
    'national_id',
    'email',
    'contactEmail',
    'phone',
  ],
  ...[
    'phoneNumber1',
    'contact',
    'contactPhone',
    'contactCode',
    'address',
    'place',
    'story',
    'imei',
    'imei1',
    'imei4',
  ],
  ...[
    'serialNumber',
    'secret',
    'caseSecret',
    'code',
    'otp',
    'password',
    'passwordHash',
    'token',
    'tokenHash',
  ],
  ...[
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'apiKey',
    'to',
    'message',
    'reason',
    'note',
    'fileName',
  ],
])('a field called %s is kept out at every depth', (field) => {
  const value = { [field]: CANARY }
  const lines = written((log) => {
    log.info(value, 'top')
    log.info({ a: value }, 'one')
    log.info({ a: [{ b: { c: value } }] }, 'four')
  })
  expect(lines).toHaveLength(3)
  expect(lines.join('')).not.toContain(CANARY)
})

test('what says nothing of a person is written', () => {
  const fields = { queue: 'notice-send', attempt: 2, state: 'verified', keyVersion: 1, total: 3, places: 4 }
  expect(parsed((log) => log.info(fields, 'done'))).toMatchObject({ ...fields, msg: 'done' })
})

test('a database error is written by kind and code, without the values it quotes', () => {
  const error = new Prisma.PrismaClientKnownRequestError(`Invalid create({ name: "${CANARY}" })`, {
    code: 'P2002',
    clientVersion: '7',
    meta: { target: CANARY },
  })
  const lines = written((log) => {
    log.error({ err: error }, 'failed')
    log.error({ err: new Error('outer', { cause: error }) }, 'failed')
    log.error(error)
    log.error({ err: error })
    log.error({ failure: error }, 'failed')
    log.error({ nested: { err: error } }, 'failed')
  })
  expect(lines).toHaveLength(6)
  expect(lines.join('')).not.toContain(CANARY)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    err: { type: 'PrismaClientKnownRequestError', fault: 'P2002' },
  })
})

test('an error that a library hands on as a plain object is told as one, without its message', () => {
  const error = Object.assign(new Error(`invalid input syntax: "${CANARY}"`), { code: '22P02', detail: 'x' })
  const copy = { ...error, message: error.message, stack: error.stack, queue: 'clocks' }
  const lines = written((log) => {
    log.error({ err: copy }, 'queue error')
    log.error({ nested: { err: copy } }, 'queue error')
  })
  expect(lines.join('')).not.toContain(CANARY)
  const { err } = JSON.parse(lines[0] ?? '')
  expect(err).toEqual({ type: 'Object', fault: '22P02', stack: expect.any(Array) })
  expect(err.stack[0]).toMatch(/^\s+at .*log\.test\.ts/)
})

test('an error of our own keeps its message, its place and no number or address', () => {
  const refused = new Error(
    `550 <${EMAIL}> rejected, IMEI ${IMEI} or 35-693803-564380-9, call +84 912 345 678, code 123456`,
  )
  const line = parsed((log) => log.error({ err: refused }, 'mail failed'))
  expect(line.err.message).toBe(
    '550 <[e-mail]> rejected, IMEI [number] or [number], call [number], code [number]',
  )
  expect(line.err.stack[0]).toMatch(/^\s+at .*log\.test\.ts/)
})

test('a message that quotes a contact or number loses it', () => {
  expect(parsed((log) => log.info(`sent to ${EMAIL} about ${IMEI}`)).msg).toBe(
    'sent to [e-mail] about [number]',
  )
  expect(parsed((log) => log.info({}, `sent to ${EMAIL}`)).msg).toBe('sent to [e-mail]')
})

test('nothing can forge a line', () => {
  const forged = 'x\n{"level":50,"msg":"forged"}\r\u2028\u0000\u001b[2J\u001b[31m\u009b'
  const lines = written((log) => log.info({ state: forged }, forged))
  expect(lines).toHaveLength(1)
  expect(lines[0]?.trimEnd()).not.toMatch(/\p{Cc}/u)
  expect(JSON.parse(lines[0] ?? '').state).toBe(forged)
})

test('a line has the time in ISO form and the id of its request', () => {
  const line = parsed((log) => withRequestId('request-1', () => log.info('seen')))
  expect(line).toMatchObject({ requestId: 'request-1', msg: 'seen' })
  expect(new Date(line.time).toISOString()).toBe(line.time)
})

test('bytes, big numbers, dates and cycles are written without failing', () => {
  const cycle: Record<string, unknown> = {}
  cycle.again = cycle
  const line = parsed((log) =>
    log.info({ seq: 5n, at: new Date(0), bytes: Buffer.from(CANARY), cycle }, 'odd'),
  )
  expect(line).toMatchObject({ seq: '5', at: '1970-01-01T00:00:00.000Z', bytes: '[kept out]' })
})
