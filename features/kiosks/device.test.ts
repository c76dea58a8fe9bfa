import { afterEach, expect, test, vi } from 'vitest'
import { startKiosk } from './device.ts'
import type { DeviceQueue } from './device-queue.ts'

const LINK = 'https://localhost/danh-gia/quan-5?kiosk=x'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A kiosk's page before which nobody stands, with one answer that waits; what the server replies to it, and how it leaves. */
function stand(status: number, unkept = false) {
  vi.useFakeTimers()
  const replace = vi.fn()
  const nothing = () => undefined
  for (const [name, value] of Object.entries({
    addEventListener: nothing,
    removeEventListener: nothing,
    scrollTo: nothing,
    location: { href: `${LINK}#r1`, replace },
    fetch: async (_: string, { method }: RequestInit) =>
      method === 'HEAD' ? new Response() : new Response(null, { status }),
    FormData: class {
      get = () => 'x'
    },
  }))
    vi.stubGlobal(name, value)
  const queue: DeviceQueue = {
    waiting: () => [{ submitKey: 'a', fields: [] }],
    unkept: () => unkept,
    add: () => true,
    remove: nothing,
  }
  const listeners = new Map<string, (event: unknown) => void>()
  const form = {
    reset: vi.fn(),
    addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
    removeEventListener: nothing,
  }
  const device = { sign: async () => 'x', ceiling: 60 }
  const page = { queue, ...device, home: null, required: [], show: vi.fn(), miss: vi.fn(), tell: vi.fn() }
  const stop = startKiosk(form as unknown as HTMLFormElement, page)
  return { replace, page, form, listeners, tell: page.tell, stop }
}

test.each([
  [
    'its link is refused, or its agency has ended: the next visitor reads so',
    403,
    false,
    'refused',
    [[LINK]],
  ],
  ['the network is down: it takes answers on', 503, false, 'broken', []],
  ['leaving would lose what the device does not keep', 403, true, 'unkept', []],
] as const)('where %s', async (_, status, unkept, line, left) => {
  const { replace, tell, stop } = stand(status, unkept)
  await vi.advanceTimersByTimeAsync(50_000)
  expect(tell).toHaveBeenLastCalledWith(line)
  expect(replace.mock.calls.slice(0, 1)).toEqual(left)
  stop()
})

test('a hand that asks for it finds the form empty at once, and the page is not left', () => {
  const { form, page, replace, listeners, stop } = stand(503)
  const press = (on: string) => {
    const event = {
      target: { closest: (part: string) => (part === on ? {} : null) },
      preventDefault: vi.fn(),
    }
    listeners.get('click')?.(event)
    return event.preventDefault
  }
  form.reset.mockClear()
  expect(press('.choice')).not.toHaveBeenCalled()
  expect(form.reset).not.toHaveBeenCalled()
  expect(press('[data-kiosk-again]')).toHaveBeenCalled()
  expect(form.reset).toHaveBeenCalledOnce()
  expect(page.miss).toHaveBeenLastCalledWith([])
  expect(page.show).toHaveBeenLastCalledWith('asking')
  expect(replace).not.toHaveBeenCalled()
  stop()
})
