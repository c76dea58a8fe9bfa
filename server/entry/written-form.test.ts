import busboy from 'busboy'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fields, readWritten } from './written-form.ts'

interface Written {
  readonly body: Buffer
  readonly type: string
}

async function written(form: FormData): Promise<Written> {
  const made = new Response(form)
  return { body: Buffer.from(await made.arrayBuffer()), type: made.headers.get('content-type') ?? '' }
}

const flat = (fields: Fields | null) =>
  fields && [...fields].flatMap(([name, values]) => values.map((value) => [name, value]))

/** As the two readers have it that Next uses: one for forms sent without a script, one for the others. */
async function byPlatform({ body, type }: Written) {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  return [...form].map(([name, value]) => [name, typeof value === 'string' ? value : null])
}
const byBusboy = ({ body, type }: Written) =>
  new Promise<[string, string | null][]>((done, failed) => {
    const read: [string, string | null][] = []
    const reader = busboy({ headers: { 'content-type': type }, defParamCharset: 'utf8' })
    reader.on('field', (name, value) => read.push([name, value]))
    reader.on('file', (name, file) => {
      read.push([name, null])
      file.resume()
    })
    reader.on('close', () => done(read))
    reader.on('error', failed)
    reader.end(body)
  })

/** The same fields, whatever order several of one name came in. */
const sorted = (fields: readonly (readonly unknown[])[]) =>
  fields.map((field) => JSON.stringify(field)).toSorted()

const name = fc.stringMatching(/^[$A-Za-z0-9_:áữ]{1,12}$/)
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'á\r\n--x', '\r\n\r\n'))
const fields = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 6 })

function formOf(pairs: readonly (readonly [string, string])[]): FormData {
  const form = new FormData()
  for (const [name, value] of pairs) form.append(name, value)
  return form
}

describe('a form as browsers write it', () => {
  it('is read as Next reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fields, async (pairs) => {
        const sent = await written(formOf(pairs))
        const read = sorted(flat(readWritten(sent.body, sent.type)) ?? [])
        expect(read).toEqual(sorted(await byPlatform(sent)))
        expect(read).toEqual(sorted(await byBusboy(sent)))
      }),
    )
  })

  it('is no other than both of Next’s readers take it for, whatever is changed in it', async () => {
    const pieces = [
      '\r\n',
      '\r',
      '\n',
      '--',
      '"',
      '\\',
      ';',
      ' ',
      'name="$ACTION_REF_1"',
      "name*=utf-8''%24x",
      '\0',
      ':',
      '=',
    ]
    const extra = [
      'content-type: application/octet-stream\r\n',
      'content-transfer-encoding: base64\r\n',
      'X: y\r\n',
    ]
    const change = fc.tuple(fc.nat(), fc.nat(8), fc.constantFrom('', ...pieces, ...extra))
    let taken = 0
    await fc.assert(
      fc.asyncProperty(fields, fc.array(change, { maxLength: 3 }), async (pairs, changes) => {
        const { body, type } = await written(formOf(pairs))
        let text = body.toString('latin1')
        for (const [at, length, put] of changes) {
          const from = at % (text.length + 1)
          text = text.slice(0, from) + put + text.slice(from + length)
        }
        const sent = { body: Buffer.from(text, 'latin1'), type }
        const read = flat(readWritten(sent.body, type))
        if (read === null) return
        taken++
        expect(sorted(await byPlatform(sent))).toEqual(sorted(read))
        expect(sorted(await byBusboy(sent))).toEqual(sorted(read))
      }),
      { numRuns: 2_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  const form = (...lines: string[]): [Buffer, string] => [
    Buffer.from(lines.join('\r\n')),
    'multipart/form-data; boundary=b',
  ]
  const HEAD = 'Content-Disposition: form-data; name="a"'

  it('may hold files, of which only the name is read', () => {
    const file = `${HEAD}; filename="x.png"`
    expect(flat(readWritten(...form('--b', file, 'Content-Type: image/png', '', 'x', '--b--', '')))).toEqual([
      ['a', null],
    ])
  })

  it.each([
    ['with something before it', ['x', '--b', HEAD, '', 'v', '--b--']],
    ['with something after it', ['--b', HEAD, '', 'v', '--b--', 'x']],
    ['without end', ['--b', HEAD, '', 'v']],
    ['with lines ended otherwise', ['--b\n', HEAD, '', 'v', '--b--']],
    ['of nothing', ['--b--', '']],
    [
      'with another part than a field',
      ['--b', 'Content-Disposition: attachment; name="a"', '', 'v', '--b--'],
    ],
    ['with a second name', ['--b', `${HEAD}; name="b"`, '', 'v', '--b--']],
    [
      'with a name in another writing',
      ['--b', "Content-Disposition: form-data; name*=utf-8''a", '', 'v', '--b--'],
    ],
    ['with a name that is escaped', ['--b', 'Content-Disposition: form-data; name="\\a"', '', 'v', '--b--']],
    [
      'with a field that says its type',
      ['--b', HEAD, 'Content-Type: application/octet-stream', '', 'v', '--b--'],
    ],
    ['packed otherwise', ['--b', HEAD, 'Content-Transfer-Encoding: base64', '', 'dg==', '--b--']],
  ])('is not one %s', (_, lines) => {
    expect(readWritten(...form(...lines))).toBeNull()
  })
})
