import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type BookLine, digestLine } from '#features/exchange/book/rules.ts'
import { ackSchema, answersSchema, resultsSchema } from '#features/exchange/interface/rules.ts'
import { casesSchema } from '#features/ratings/invitations/rules.ts'
import { volumesSchema } from '#features/ratings/volumes/rules.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { DOCUMENT } from './document.ts'
import { described } from './schemas.ts'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const INTERFACES = [
  'app/api/carrier/v1/**/route.ts',
  'app/api/alerts/v1/**/route.ts',
  'app/api/survey/v1/**/route.ts',
  'app/api/v1/**/route.ts',
  'app/api/health/**/route.ts',
]

/** Returns the methods that each route implements, by its path. */
function served(): Record<string, string[]> {
  const routes = globSync(INTERFACES).map((file) => {
    const path = `/${file.replaceAll('\\', '/').slice('app/'.length, -'/route.ts'.length)}`
    const text = readFileSync(file, 'utf8')
    const methods = METHODS.filter((method) =>
      new RegExp(`export (const|async function|function) ${method.toUpperCase()}\\b`).test(text),
    )
    return [path.replace(/\[(\w+)\]/g, '{$1}'), methods]
  })
  return Object.fromEntries(routes)
}

test('every path and method that programs are served is described, and no other', () => {
  const described = Object.entries(DOCUMENT.paths).map(([path, item]) => [path, Object.keys(item)])
  expect(Object.fromEntries(described)).toEqual(served())
})

function references(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' ? [String(value)] : references(value),
  )
}

test('every reference leads to a schema, and every schema is used', () => {
  const names = Object.keys(DOCUMENT.components.schemas).map((name) => `#/components/schemas/${name}`)
  expect([...new Set(references(DOCUMENT))].sort()).toEqual(names.sort())
})

test('a path’s parameters are exactly those in its braces, and operations have names of their own', () => {
  const ids: string[] = []
  for (const [path, item] of Object.entries(DOCUMENT.paths)) {
    for (const operation of Object.values(item) as { operationId: string; parameters?: unknown }[]) {
      ids.push(operation.operationId)
      const parameters = (operation.parameters ?? []) as { name: string; in: string }[]
      const inPath = parameters.filter((one) => one.in === 'path').map((one) => `{${one.name}}`)
      expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? [])
    }
  }
  expect(new Set(ids).size).toBe(ids.length)
})

test('the examples are what the interface takes', () => {
  const { '/api/carrier/v1/ack': ack, '/api/carrier/v1/results': results } = DOCUMENT.paths
  expect(ackSchema.safeParse(ack.post.requestBody.content['application/json'].example).success).toBe(true)
  const sent = resultsSchema.safeParse(results.post.requestBody.content['application/json'].example)
  expect(sent.success && parseImei(sent.data.results[0]?.imei ?? '').ok).toBe(true)
  const { post: answers } = DOCUMENT.paths['/api/carrier/v1/answers']
  expect(answersSchema.safeParse(answers.requestBody.content['application/json'].example).success).toBe(true)
  const { '/api/survey/v1/volumes': volumes, '/api/survey/v1/invitations': cases } = DOCUMENT.paths
  expect(volumesSchema.safeParse(volumes.post.requestBody.content['application/json'].example).success).toBe(
    true,
  )
  expect(casesSchema.safeParse(cases.post.requestBody.content['application/json'].example).success).toBe(true)
})

test('every carrier operation shows what it takes and what it answers', () => {
  const shown = (part: object) => JSON.stringify(part).includes('"example"')
  for (const [path, item] of Object.entries(DOCUMENT.paths)) {
    if (!path.startsWith('/api/carrier/')) continue
    for (const operation of Object.values(item) as { requestBody?: object; responses: object }[]) {
      const { requestBody, responses } = operation
      if (requestBody) expect(shown(requestBody), path).toBe(true)
      const good = Object.entries(responses).find(([status]) => status === '200')?.[1]
      if (good) expect(shown(good), path).toBe(true)
    }
  }
})

interface Operation {
  readonly operationId: string
  readonly description?: string
  readonly security?: readonly object[]
  readonly responses: Readonly<
    Record<string, { readonly headers?: object; readonly content?: Readonly<Record<string, object>> }>
  >
}
const operations = Object.values(DOCUMENT.paths).flatMap((item) => Object.values(item) as Operation[])

test('every operation says what it is for and how it refuses', () => {
  for (const { operationId, description = '', security, responses } of operations) {
    expect(description, operationId).not.toBe('')
    expect(Object.keys(responses), operationId).toContain('405')
    // A carrier that gets its orders by letter is refused too.
    const refusals = security?.some((one) => 'carrierKey' in one) ? ['401', '403'] : ['401']
    if (security) expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(refusals))
    for (const [status, { headers = {}, content = {} }] of Object.entries(responses)) {
      if (Number(status) < 400 || operationId === 'ready') continue
      expect(Object.keys(content), operationId).toEqual(['application/problem+json'])
      if (status === '429' || status === '503') expect(Object.keys(headers)).toContain('Retry-After')
    }
  }
})

test('no text of a schema is left as it was parsed: numbers are described as numbers', () => {
  const { parameters } = DOCUMENT.paths['/api/carrier/v1/changes'].get
  expect(parameters.map(({ name, schema }) => [name, schema])).toEqual([
    ['after', { type: 'integer', minimum: 0, default: 0 }],
    ['limit', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }],
    ['wait', { type: 'integer', minimum: 0, maximum: 30, default: 0 }],
    ['version', { type: 'number', enum: [1, 2], default: 1 }],
    ['known', { type: 'integer', minimum: 0, default: 0 }],
  ])
})

test('two schemas of one name are refused', () => {
  const [one, other] = [z.string().meta({ id: 'Twice' }), z.int().meta({ id: 'Twice' })]
  expect(() => described([one, other])).toThrow('two schemas are called Twice')
})

test('what is pushed has the checksum of its lines', () => {
  const { changes, ping } = DOCUMENT.webhooks
  for (const { post } of [changes, ping]) {
    const { example } = post.requestBody.content['application/json'] as {
      example: { sha256: string; entries: BookLine[] }
    }
    const lines = example.entries.map(digestLine).join('')
    expect(example.sha256).toBe(createHash('sha256').update(lines).digest('hex'))
  }
})
