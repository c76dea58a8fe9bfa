import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { newCaseKey } from '#platform/crypto.ts'
import * as environment from '#platform/env.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { db } from '#tests/db.ts'
import { jpeg } from '#tests/proof.ts'
import { actPost } from './act-post.ts'

const NUMBER = 'HCM-2026-00001'

test('files come within the limit of their address; words alone are not counted, and what was typed stays', async () => {
  const { key, stored } = newCaseKey(randomUUID())
  await db.caseKey.create({ data: { caseId: key.caseId, ...stored, createdAt: new Date() } })
  let left: unknown
  const done: number[] = []
  const act = actPost({
    open: async () => ({ number: NUMBER, key }),
    opener: () => '/track',
    page: (number) => ({ pathname: '/track/[number]', params: { number } }),
    isAct: (text): text is 'reply' => text === 'reply',
    withoutWords: () => ({}),
    run: async (_, { files }) => {
      done.push(files.length)
      return null
    },
    setFlash: async (flash) => {
      left = flash
    },
  })
  const picture = new Uint8Array(await jpeg())
  async function send(files: number): Promise<void> {
    const form = new FormData()
    for (let n = 0; n < files; n++) form.append('evidence', new File([picture], `${n}.jpg`))
    for (const [name, value] of Object.entries({ act: 'reply', message: 'Đây là hộp máy.', number: NUMBER }))
      form.set(name, value)
    const headers = { host: 'localhost', origin: 'http://localhost' }
    const request = new Request('http://localhost/api/case/act', { method: 'POST', headers, body: form })
    expect((await act(request, { params: Promise.resolve({}) })).status).toBe(303)
  }

  // Of sixty an hour. Other files' tests go on in this process.
  const { LIMIT_SCALE } = environment.env()
  Object.assign(environment.env(), { LIMIT_SCALE: 1 / 60 })
  onTestFinished(() => void Object.assign(environment.env(), { LIMIT_SCALE }))
  const countStored = async () => (await Array.fromAsync(evidenceStorage().list())).length
  await send(2)
  const kept = await countStored()
  for (let n = 0; n < 3; n++) await send(0)
  await send(2)
  expect(left).toMatchObject({
    done: false,
    values: { message: 'Đây là hộp máy.' },
    faults: { evidence: 'track.files_too_often' },
  })
  expect(await countStored()).toBe(kept)
  await send(0)
  expect(done).toEqual([2, 0, 0, 0, 0])
})
