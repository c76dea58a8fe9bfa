import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseKey } from '#platform/crypto.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db } from '#tests/db.ts'
import { jpeg } from '#tests/proof.ts'
import { S3_KEYS, type S3Server, startS3 } from '#tests/s3-server.ts'
import { actPost } from './act-post.ts'
import { evidencePost } from './evidence-post.ts'

let s3: S3Server
let key: CaseKey
let left: unknown
const NONE = { params: Promise.resolve({}) }
const NUMBER = 'HCM-2026-00001'

beforeAll(async () => {
  s3 = await startS3()
  Object.assign(process.env, {
    STORAGE_URL: s3.url,
    AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
  })
  // A 403 fails at once; an unreachable store is tried three times first (platform/storage-s3.test.ts).
  s3.fail('PutObject', 403, 100)
  key = await storedCaseKey()
})
afterAll(() => s3.close())

const step = evidencePost({
  draft: async () => ({ key }),
  start: '/report',
  page: (query) => ({ pathname: '/report/evidence', query }),
  kindOf: () => 'box',
  before: '/report/phone',
  after: async () => '/report/review',
})

const act = actPost({
  open: async () => ({ number: NUMBER, key }),
  opener: () => '/track',
  page: (number) => ({ pathname: '/track/[number]', params: { number } }),
  isAct: (text): text is 'reply' => text === 'reply',
  withoutWords: () => ({}),
  run: () => Promise.reject(new Error('nothing is done without its files')),
  setFlash: async (flash) => {
    left = flash
  },
})

async function sent(handler: typeof step, accept: string): Promise<Response> {
  const form = new FormData()
  form.set('act', 'reply')
  form.set('evidence', new File([new Uint8Array(await jpeg())], 'hộp.jpg'))
  // After the files, as in a browser's form.
  form.set('message', 'Tôi gửi thêm ảnh hộp.')
  form.set('number', NUMBER)
  form.set('step', 'next')
  const headers = { host: 'localhost', origin: 'http://localhost', accept }
  return handler(new Request('http://localhost/api/x', { method: 'POST', headers, body: form }), NONE)
}

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8'

test('while the store is away a browser is told in words, with what was typed, and nothing is kept', async () => {
  const told = await sent(step, BROWSER)
  expect([told.status, told.headers.get('location')]).toEqual([303, '/bao-mat-may/giay-to?error=failed'])
  const back = await sent(act, BROWSER)
  expect([back.status, back.headers.get('location')]).toEqual([303, `/ho-so/${NUMBER}`])
  expect(left).toMatchObject({
    act: 'reply',
    done: false,
    values: { message: 'Tôi gửi thêm ảnh hộp.' },
    faults: { evidence: 'evidence.failed' },
  })
  expect(await db.evidence.count()).toBe(0)
})

test.each(['*/*', 'application/json'])(
  'a program, our own script among them, gets 503 with a time to come again (%s)',
  async (accept) => {
    for (const handler of [step, act]) {
      const answer = await sent(handler, accept)
      expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([503, true])
      expect(await answer.json()).toMatchObject({ type: 'urn:problem:an-tam:busy' })
    }
  },
)
