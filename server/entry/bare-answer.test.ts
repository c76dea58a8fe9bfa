import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { answerUnreadable, isServed, neverBare } from './bare-answer.ts'

let server: Server
afterEach(() => server.close())

async function listen(answer: RequestListener): Promise<number> {
  server = createServer((request, response) => {
    neverBare(request, response)
    answer(request, response)
  }).on('clientError', answerUnreadable)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return (server.address() as AddressInfo).port
}

async function ask(path: string, answer: RequestListener, method = 'GET'): Promise<[Response, string]> {
  const response = await fetch(`http://127.0.0.1:${await listen(answer)}${path}`, {
    method,
    redirect: 'manual',
  })
  return [response, await response.text()]
}

/** Bytes as they are sent and as they are answered. */
async function send(bytes: string): Promise<string> {
  const socket = connect(await listen((_, response) => response.end('read')), '127.0.0.1')
  socket.end(bytes)
  return text(socket)
}

test.each<[string, RequestListener]>([
  ['that ends', (_, response) => response.writeHead(405).end()],
  [
    'whose head was sent before',
    (_, response) => {
      response.statusCode = 405
      response.flushHeaders()
      response.end()
    },
  ],
  ['by its status alone', (_, response) => Object.assign(response, { statusCode: 405 }).end()],
])('a refusal %s without a body says why, in both languages', async (_, answer) => {
  const [response, body] = await ask('/k/x', answer)
  expect(response.status).toBe(405)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(body).toContain('không được nhận')
  expect(body).toContain('was not accepted')
})

test('to a program it is a problem', async () => {
  const [response, body] = await ask('/api/x', (_, answer) => answer.writeHead(405).end())
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(JSON.parse(body)).toMatchObject({ status: 405, title: 'Method Not Allowed' })
})

test.each<[string, RequestListener]>([
  ['has words', (_, response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('words')],
  [
    'is written bit by bit',
    (_, response) => {
      response.statusCode = 404
      response.write('wor')
      response.write('ds')
      response.end()
    },
  ],
  ['is no refusal', (_, response) => response.writeHead(200).end('words')],
])('an answer that %s stays as it is', async (_, answer) => {
  expect((await ask('/', answer))[1]).toBe('words')
})

test('where no body may be there is none', async () => {
  expect(
    (await ask('/', (_, response) => response.writeHead(303, { location: '/x' }).end()))[1],
  ).toBeDefined()
  expect((await ask('/', (_, response) => response.writeHead(404).end(), 'HEAD'))[1]).toBe('')
})

test.each([
  ['headers that are too long', `GET / HTTP/1.1\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`, '431', 'cookie'],
  ['a method that nobody knows', 'FLY / HTTP/1.1\r\n\r\n', '400', 'could not be read'],
  ['a path in bytes', 'GET /hồ-sơ HTTP/1.1\r\n\r\n', '400', 'could not be read'],
])('%s are answered in words', async (_, bytes, status, words) => {
  const answer = await send(bytes)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).toContain(words)
  expect(answer).toContain('Chưa có gì được lưu')
})

test('no method goes to Next that it cannot read', () => {
  expect(['GET', 'POST', 'OPTIONS'].map(isServed)).toEqual([true, true, true])
  expect(['TRACE', 'PROPFIND', ''].map(isServed)).toEqual([false, false, false])
})
