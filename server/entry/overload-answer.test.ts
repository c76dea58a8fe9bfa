import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { Overloaded } from '#server/platform/overload.ts'
import { neverBare } from './bare-answer.ts'
import { comeAgain, unlessBusy } from './busy.ts'
import { servedUnderLoad } from './overload-answer.ts'

/** Asks a server that answers 500 after `fail`, as Next does for what nobody caught. */
async function askFailing(fail: () => unknown, path = '/'): Promise<Response> {
  const server = createServer((request, response) => {
    neverBare(request, response)
    void servedUnderLoad(response, async () => {
      await Promise.resolve(fail())
      response.statusCode = 500
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  } finally {
    server.close()
  }
}

test('a failure for want of room is a 503 that says when to come again, in words', async () => {
  const page = await askFailing(() => new Overloaded(7))
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '7'])
  expect(await page.text()).toContain('Hệ thống đang bận')
  const program = await askFailing(() => new Overloaded(7), '/api/case/data')
  expect(program.status).toBe(503)
  expect(program.headers.get('content-type')).toBe('application/problem+json')
})

test('any other failure stays what it is', async () => {
  const answer = await askFailing(() => new Error('broken'))
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([500, null])
})

const asked = (accept: string) => new Request('http://localhost/api/case/data', { headers: { accept } })

test.each(['vi', 'en'] as const)('a browser gets a page and a program a problem (%s)', async (locale) => {
  const busy = () => Promise.reject(new Overloaded(10))
  const page = await unlessBusy(asked('text/html,*/*'), locale, busy)
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '10'])
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain(locale === 'vi' ? 'Hệ thống đang bận' : 'The site is busy')
  const program = await unlessBusy(asked('*/*'), locale, busy)
  expect(await program.json()).toMatchObject({ type: 'urn:problem:an-tam:busy', status: 503 })
  const often = comeAgain(asked('*/*'), locale, { status: 429, seconds: 30 })
  expect([often.status, often.headers.get('retry-after')]).toEqual([429, '30'])
})

test('what is no want of room is thrown on', async () => {
  await expect(unlessBusy(asked('*/*'), 'vi', () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  )
})
