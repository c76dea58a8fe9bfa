import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { beforeEach, expect, test, vi } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { must } from '#tests/must.ts'
import { type FormLimits, type IncomingFile, readMultipart } from './multipart.ts'

const LIMITS: FormLimits = {
  fileField: 'evidence',
  files: 2,
  fileBytes: 1000,
  fields: 3,
  fieldBytes: 50,
  bodyBytes: 5000,
}
const URL = 'http://127.0.0.1:3000/api/evidence'

interface Taken {
  readonly name: string
  readonly bytes: Buffer
  readonly seen: ReturnType<IncomingFile['seen']>
}
const take = async (file: IncomingFile): Promise<Taken> => {
  const bytes = await buffer(file.content)
  return { name: file.fileName, bytes, seen: file.seen() }
}
const discard = vi.fn(async (_: readonly Taken[]) => {})
beforeEach(() => discard.mockClear())

const form = (...parts: (readonly [string, string | File])[]): FormData => {
  const data = new FormData()
  for (const [name, value] of parts) data.append(name, value)
  return data
}
const post = (body: BodyInit, headers: Record<string, string> = {}): Request =>
  new Request(URL, { method: 'POST', body, headers: { host: '127.0.0.1:3000', ...headers } })
/** Returns a form as a browser sends it, with its length. */
async function formPost(data: FormData, headers: Record<string, string> = {}): Promise<Request> {
  const made = new Response(data)
  const type = made.headers.get('content-type') ?? ''
  const bytes = await made.arrayBuffer()
  return post(bytes, { 'content-type': type, 'content-length': String(bytes.byteLength), ...headers })
}
const read = (request: Request, limits = LIMITS) => readMultipart(request, limits, take, discard)

/** Returns a body that delivers the given pieces and then calls `then`. */
const arriving = (pieces: readonly Uint8Array[], then: (c: ReadableStreamDefaultController) => void) => {
  let at = 0
  const body = new ReadableStream({
    pull(controller) {
      const piece = pieces[at++]
      if (piece) controller.enqueue(piece)
      else then(controller)
    },
  })
  return new Request(URL, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { host: '127.0.0.1:3000', 'content-type': 'multipart/form-data; boundary=x' },
  } as RequestInit)
}
const part = (content: string | Buffer, name = 'evidence') =>
  Buffer.concat([
    Buffer.from(`--x\r\nContent-Disposition: form-data; name="${name}"; filename="a.bin"\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
const END = Buffer.from('--x--\r\n')

test('fields and files are read in any order, with length and hash', async () => {
  const one = randomBytes(700)
  const result = must(
    await read(
      await formPost(
        form(
          ['evidence', new File([one], 'Nhãn hộp.jpg')],
          ['step', 'next'],
          ['evidence', new File(['b'], '../b')],
        ),
      ),
    ),
  )
  const { files, fields, tooManyFiles } = result
  expect(files.map((file) => file.name)).toEqual(['Nhãn hộp.jpg', '../b'])
  expect(files[0]?.bytes.equals(one)).toBe(true)
  expect(files[0]?.seen).toEqual({
    bytes: 700,
    sha256: createHash('sha256').update(one).digest(),
    whole: true,
  })
  expect([...fields]).toEqual([['step', 'next']])
  expect(tooManyFiles).toBe(false)
})

test('a picker in which nothing was chosen is no file, and another field holds none', async () => {
  const nothing = new File([], '', { type: 'application/octet-stream' })
  const result = await read(await formPost(form(['evidence', nothing], ['other', new File(['x'], 'x.jpg')])))
  expect(result).toMatchObject(ok({ files: [] }))
})

test('a file at the limit is whole, one byte more is not', async () => {
  const result = await read(
    await formPost(
      form(
        ['evidence', new File([randomBytes(1000)], 'a')],
        ['evidence', new File([randomBytes(1001)], 'b')],
      ),
    ),
  )
  expect(result.ok && result.value.files.map((file) => file.seen.whole)).toEqual([true, false])
})

test('more files than the limit are told', async () => {
  const file = (name: string) => ['evidence', new File([name], name)] as const
  const result = await read(await formPost(form(file('a'), file('b'), file('c'))))
  expect(result).toMatchObject(ok({ tooManyFiles: true }))
})

test.each([
  ['a field over the limit', form(['message', 'x'.repeat(51)])],
  ['too many fields', form(['a', ''], ['b', ''], ['c', ''], ['d', ''])],
  ['a body that says it is over the limit', form(['evidence', new File([randomBytes(6000)], 'a')])],
])('%s is refused', async (_, body) => {
  expect(await read(await formPost(body))).toEqual(err('too_large'))
})

test('a body over the limit that did not say so is refused, and what was received is given back', async () => {
  const limits = { ...LIMITS, fileBytes: 4000 }
  const request = arriving([part('first'), part(randomBytes(3000)), part(randomBytes(3000))], (c) =>
    c.close(),
  )
  expect(await read(request, limits)).toEqual(err('too_large'))
  expect(
    discard.mock.calls
      .at(-1)?.[0]
      .map((file) => file.bytes.toString())
      .at(0),
  ).toBe('first')
})

test.each([
  ['no form at all', post('{"a":1}', { 'content-type': 'application/json' })],
  ['no type', post(randomBytes(50))],
  ['a form without its boundary', post('x', { 'content-type': 'multipart/form-data' })],
  ['nothing of what was promised', post('', { 'content-type': 'multipart/form-data; boundary=x' })],
])('%s is refused', async (_, request) => {
  expect(await read(request)).toEqual(err('interrupted'))
})

test('a form that ends before its end is refused, and what was received is given back', async () => {
  expect(await read(arriving([part('first'), part('second').subarray(0, -4)], (c) => c.close()))).toEqual(
    err('interrupted'),
  )
  expect(discard).toHaveBeenCalledOnce()
  expect(discard.mock.calls[0]?.[0].map((file) => file.bytes.toString())).toEqual(['first'])
})

test('so is a form whose sender goes away', async () => {
  const request = arriving([part('first'), part('second').subarray(0, -4)], (c) =>
    setTimeout(() => c.error(new Error('gone')), 20),
  )
  expect(await read(request)).toEqual(err('interrupted'))
  expect(discard.mock.calls[0]?.[0].map((file) => file.bytes.toString())).toEqual(['first'])
})

test('a store that fails fails the whole, as our own fault, and gives back what was received', async () => {
  let files = 0
  const failing = async (file: IncomingFile): Promise<Taken> => {
    if (++files === 2) throw new Error('the disk is full')
    return take(file)
  }
  const request = arriving([part('first'), part(randomBytes(900)), END], (c) => c.close())
  await expect(readMultipart(request, LIMITS, failing, discard)).rejects.toThrow('the disk is full')
  expect(discard.mock.calls[0]?.[0].map((file) => file.bytes.toString())).toEqual(['first'])
})

test('a reader that gives a file up does not hold up the rest of the form', async () => {
  const giveUp = async (file: IncomingFile): Promise<string> => {
    file.content.destroy()
    return file.fileName
  }
  const request = arriving([part(randomBytes(900)), part(randomBytes(900)), END], (c) => c.close())
  const result = await readMultipart(request, LIMITS, giveUp, async () => {})
  expect(result).toMatchObject(ok({ files: ['a.bin', 'a.bin'] }))
})
