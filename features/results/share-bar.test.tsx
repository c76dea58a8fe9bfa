import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { ShareBar } from './results-table.tsx'

const of = { share: 0.45, interval: { low: 0.37, high: 0.53 }, few: false, label: '45%' }

test('a share is drawn with a whisker at each end of its interval', () => {
  const drawn = renderToStaticMarkup(<ShareBar {...of} />)
  expect(drawn).toMatch(/<line x1="148" x2="148"[^>]*>.*<line x1="212" x2="212"/)
  expect(drawn).toContain('width="180" height="8" rx="4" class="fill-teal"')
  expect(drawn).toContain('aria-label="45%"')
})

test('of few people it is grey, and beside words it is no second voice', () => {
  const drawn = renderToStaticMarkup(<ShareBar {...of} few label="" />)
  expect(drawn).not.toContain('fill-teal')
  expect(drawn).toContain('aria-hidden="true"')
})
