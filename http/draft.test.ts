import { beforeEach, expect, test, vi } from 'vitest'
import {
  draftCookie,
  forgetReports,
  keepReceiptCookie,
  lastSentCookies,
  receiptCookies,
  setDraftCookie,
} from './draft.ts'

/** The cookies of one browser, with their lifetimes. */
const jar = vi.hoisted(() => new Map<string, { readonly value: string; readonly maxAge?: number }>())
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => jar.get(name),
    set: (name: string, value: string, options: { readonly maxAge?: number }) =>
      jar.set(name, { value, ...options }),
    delete: ({ name }: { readonly name: string }) => jar.delete(name),
  }),
}))

beforeEach(() => jar.clear())

const kept = async () => (await receiptCookies()).map(({ value }) => value)

async function send(key: string, ownDevice = false): Promise<void> {
  await setDraftCookie(key, ownDevice)
  await keepReceiptCookie(key, ownDevice)
}

test('a second report leaves the first its receipt, and the newest come first', async () => {
  await send('one')
  await send('two')
  // Sent again after a lost reply.
  await keepReceiptCookie('two', false)
  expect(await kept()).toEqual(['two', 'one'])
  expect(await draftCookie()).toBeNull()
})

test('a person who writes another report is not led to the receipt of an earlier one', async () => {
  const last = async () => (await lastSentCookies()).map(({ value }) => value)
  await send('one')
  await send('two', true)
  expect(await last()).toEqual(['one', 'two'])
  await setDraftCookie('three', false)
  // The draft may have become a case whose reply was lost, or have been continued on another device.
  expect(await last()).toEqual(['three'])
})

test('only the last few are kept, so that the cookie stays small', async () => {
  const key = (n: number) => String(n).padStart(43, 'k')
  for (let n = 0; n < 40; n++) await send(key(n))
  expect(await kept()).toEqual([39, 38, 37, 36, 35].map(key))
  expect([...jar.values()].map(({ value }) => value).join('').length).toBeLessThan(250)
})

test('what was sent from a borrowed device is not kept for longer by a report from one’s own', async () => {
  await send('borrowed')
  await send('own', true)
  expect([...jar.values()].map(({ value, maxAge }) => [value, maxAge])).toEqual([
    ['borrowed', undefined],
    ['own', 86_400],
  ])
})

test('all of them are taken away together', async () => {
  await send('one')
  await send('two', true)
  await setDraftCookie('three', false)
  await forgetReports()
  expect(jar.size).toBe(0)
})
