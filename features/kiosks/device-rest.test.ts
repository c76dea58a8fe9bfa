import { afterEach, expect, test, vi } from 'vitest'
import type { DeviceQueue } from './device-queue.ts'
import { keepSending } from './kiosk-shell.tsx'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('what the device keeps is sent again and again, and the page looks whether its agency is back', async () => {
  vi.useFakeTimers()
  const replace = vi.fn()
  const href = 'https://localhost/danh-gia/quan-5?kiosk=x'
  vi.stubGlobal('location', { href, replace })
  const asked = vi.fn(async (_: string, { method }: RequestInit) =>
    method === 'HEAD' ? new Response() : new Response(null, { status: 403 }),
  )
  vi.stubGlobal('fetch', asked)
  const queue = { waiting: () => [{ submitKey: 'a', fields: [] }] } as unknown as DeviceQueue
  const stop = keepSending(queue, 'x', async () => 'signed')
  await vi.advanceTimersByTimeAsync(61_000)
  expect(asked.mock.calls.map(([url]) => url)).toEqual(Array(5).fill('/api/kiosk'))
  expect(replace).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  expect(replace.mock.calls).toEqual([[href]])
  stop()
  expect(vi.getTimerCount()).toBe(0)
})
