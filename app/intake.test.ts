import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'
import { FORM_LIMIT, refusalOf } from './intake.ts'

const url = 'https://antam.example/bao-mat-may'
const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new NextRequest(url, { method: 'POST', body, headers: { host: 'antam.example', ...headers } })

test('a form of our own page may go on, and its body is left to be read again', async () => {
  const form = new FormData()
  form.set('name', 'Nguyễn Thị Ánh')
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
