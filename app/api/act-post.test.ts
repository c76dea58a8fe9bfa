import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { discardFiles } from '#features/evidence/files/acts.ts'
import { ok } from '#lib/result.ts'
import * as environment from '#platform/env.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { jpeg } from '#tests/proof.ts'
import { actPost } from './act-post.ts'

const NUMBER = 'HCM-2026-00001'

test('files come within the limit of their address; words alone are not counted, and what was typed stays', async () => {
  const key = await storedCaseKey()
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

  // The limit is sixty an hour, and the tests of other files run in this process too.
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

test('a form that comes again with other words or files is told so and keeps its words; pressed twice it is one act', async () => {
  const key = await storedCaseKey()
  const left: unknown[] = []
  let done = 0
  const act = actPost({
    open: async () => ({ number: NUMBER, key }),
    opener: () => '/track',
    page: (number) => ({ pathname: '/track/[number]', params: { number } }),
    isAct: (text): text is 'reply' => text === 'reply',
    withoutWords: () => ({}),
    run: async (_, { submitKey, files }, now) => {
      await actOnce<true, never>(submitKey, 'test.reply', now, async () => {
        done++
        return ok(true)
      })
      await discardFiles(files.map((file) => ok(file)))
      return null
    },
    setFlash: async (flash) => void left.push(flash),
  })
  const submitKey = randomUUID()
  const pictures = [new Uint8Array(await jpeg()), new Uint8Array(await jpeg(40))]
  async function send(message: string, picture: number): Promise<unknown> {
    const form = new FormData()
    for (const [name, value] of Object.entries({ act: 'reply', message, number: NUMBER, submitKey }))
      form.set(name, value)
    form.append('evidence', new File([pictures[picture] as Uint8Array<ArrayBuffer>], 'hop.jpg'))
    const headers = { host: 'localhost', origin: 'http://localhost' }
    const request = new Request('http://localhost/api/case/act', { method: 'POST', headers, body: form })
    expect((await act(request, { params: Promise.resolve({}) })).status).toBe(303)
    return left.at(-1)
  }
  const before = (await Array.fromAsync(evidenceStorage().list())).length
  expect(await send('Đây là hộp máy.', 0)).toEqual({ act: 'reply', done: true })
  expect(await send('Đây là hộp máy.', 0)).toEqual({ act: 'reply', done: true })
  const told = { act: 'reply', done: false, faults: { form: 'general.sent_before' } }
  expect(await send('Đây là hóa đơn.', 0)).toMatchObject({ ...told, values: { message: 'Đây là hóa đơn.' } })
  expect(await send('Đây là hộp máy.', 1)).toMatchObject(told)
  expect(done).toBe(1)
  expect((await Array.fromAsync(evidenceStorage().list())).length).toBe(before)
})
