import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'
import { FORM_LIMIT, refusalOf } from './intake.ts'

const url = 'https://antam.example/bao-mat-may'
const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new NextRequest(url, { method: 'POST', body, headers: { host: 'antam.example', ...headers } })

const ACTION = JSON.stringify({ id: '7f84', bound: '$@1' })
const STATE = JSON.stringify([{ values: { story: '$$F1' }, errors: {} }])

/** A form as a page of ours has it, for a browser without scripts. */
function ours(changes: Record<string, string> = {}): FormData {
  const form = new FormData()
  const written = {
    $ACTION_REF_1: '',
    '$ACTION_1:0': ACTION,
    '$ACTION_1:1': STATE,
    $ACTION_KEY: 'k',
    ...changes,
  }
  for (const [name, value] of Object.entries(written)) form.set(name, value)
  return form
}

test('a form of our own page may go on, and its body is left to be read again', async () => {
  const form = ours({ name: 'Nguyễn Thị Ánh' })
  const request = post(form, { origin: 'https://antam.example' })
  expect(await refusalOf(request, undefined)).toBeNull()
  expect((await request.formData()).get('name')).toBe('Nguyễn Thị Ánh')
})

test.each([
  ['of another site', post('a=b', { origin: 'https://evil.example' }), 403],
  ['with another method', new NextRequest(url, { method: 'DELETE' }), 405],
  ['without boundary', post('x', { 'content-type': 'multipart/form-data' }), 400],
  ['that is no multipart', post('x', { 'content-type': 'multipart/form-data; boundary=y' }), 400],
  ['that is too large', post('x', { 'content-length': String(FORM_LIMIT + 1) }), 413],
])('a form %s is refused', async (_, request, status) => {
  expect((await refusalOf(request, undefined))?.status).toBe(status)
})

test('a reader with a foreign Origin is not refused', async () => {
  const request = new NextRequest(url, { headers: { origin: 'null', host: 'antam.example' } })
  expect(await refusalOf(request, undefined)).toBeNull()
})

const status = async (request: NextRequest) => (await refusalOf(request, undefined))?.status ?? 'on'

/** A form as React sends it from a page of ours. */
function byScript(args: string | null, more: Record<string, string> = {}): NextRequest {
  const form = new FormData()
  for (const [name, value] of ours()) form.set(`_1_${name}`, value)
  for (const [name, value] of Object.entries(more)) form.set(name, value)
  if (args !== null) form.set('0', args)
  return post(form, { 'next-action': '7f84' })
}

test('a form that a script sends may go on', async () => {
  const typed = { values: { story: '$$F1' }, errors: { place: 'x' } }
  expect(await status(byScript(JSON.stringify([typed, '$K1'])))).toBe('on')
})

test.each([
  byScript(null),
  byScript('{{{'),
  byScript('[]'),
  byScript('[{},null]'),
  byScript('[{},"x"]'),
  byScript('[{},"$K2"]'),
  byScript('["$F9","$K1"]'),
  byScript('[{"values":"$Q1"},"$K1"]'),
  byScript('[{},"$K1",1]'),
  byScript('[{},"$K1"]', { '1': '{{{' }),
  post('[{},"$K1"]', { 'next-action': '7f84', 'content-type': 'text/plain;charset=UTF-8' }),
  post('a=b', { 'next-action': '7f84', 'content-type': 'application/x-www-form-urlencoded' }),
  post('', { 'next-action': '7f84' }),
])('what a script sends otherwise goes no further: %#', async (request) => {
  expect(await status(request)).toBe(400)
})

test.each([
  { $ACTION_ID_7f84: '' },
  { '$ACTION_1:0': '{"id":"7f84"}' },
  { '$ACTION_1:0': '{"id":"7f84","bound":"$@7"}' },
  { '$ACTION_1:1': '[]' },
  { '$ACTION_1:1': 'null' },
  { '$ACTION_1:1': '["$F1"]' },
  { '$ACTION_1:1': '[{"values":{"story":"$Q1"}}]' },
  { '$ACTION_1:1': '[{},1]' },
  { '$ACTION_1:1': '{{{' },
  { '$ACTION_1:1': '['.repeat(1_000_000) },
  { $ACTION_REF_1: '', '$ACTION_2:1': '[{}]' },
])('hidden fields that were edited go no further: %#', async (changes) => {
  expect(await status(post(ours(changes)))).toBe(400)
})

test('nor does a form that says for no action', async () => {
  const form = new FormData()
  form.set('name', 'x')
  expect(await status(post(form))).toBe(400)
})
