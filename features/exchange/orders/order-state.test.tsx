import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { OrderStateTag } from './order-state.tsx'
import { ORDER_ACTIONS, ORDER_STATES } from './rules.ts'

vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))

const words = async (order: Parameters<typeof OrderStateTag>[0]['order']) =>
  renderToStaticMarkup(await OrderStateTag({ order })).replace(/<[^>]*>/g, '')

test('a carried-out order is named by what it did, every other by its state', async () => {
  const applied = await Promise.all(ORDER_ACTIONS.map((action) => words({ action, state: 'applied' })))
  expect(applied).toEqual(['Đã chặn', 'Đã mở chặn', 'Đang theo dõi'])
  for (const state of ORDER_STATES.filter((one) => one !== 'applied')) {
    const said = await Promise.all(ORDER_ACTIONS.map((action) => words({ action, state })))
    expect(new Set(said).size).toBe(1)
  }
  expect(await words({ action: 'block', state: 'sent', paper: { handedOn: null, receivedOn: null } })).toBe(
    'Đã gửi công văn',
  )
})
