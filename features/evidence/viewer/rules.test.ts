import { expect, test } from 'vitest'
import { choiceHref, otherQuery, readViewerChoice, viewedGroup } from './rules.ts'

const IDS = ['a1', 'b2', 'c3']

test('an address says which page of which file, beside which, and how large; what it says is read again', () => {
  const choice = { first: { id: 'b2', page: 3 }, beside: { id: 'c3', page: 1 }, side: 2400 } as const
  const href = choiceHref('view=mine', choice)
  expect(href).toBe('?view=mine&file=b2.3&beside=c3&side=2400')
  expect(readViewerChoice(Object.fromEntries(new URLSearchParams(href)), IDS)).toEqual(choice)
})

test('each of two viewers reads its own file, and keeps the other’s', () => {
  const query = { file: ['x9', 'c3.2'], done: 'take', view: 'mine' }
  expect(readViewerChoice(query, IDS)).toEqual({ first: { id: 'c3', page: 2 }, beside: null, side: null })
  expect(readViewerChoice(query, ['x9']).first).toEqual({ id: 'x9', page: 1 })
  expect(otherQuery(query, IDS)).toBe('file=x9&view=mine')
})

test.each([
  [{ file: 'zz' }, null],
  [{ file: 'a1.-4' }, 1],
  [{ file: 'a1.x' }, 1],
  [{ file: 'a1', side: '99999' }, 1],
])('an address that anybody wrote shows what there is: %o', (query, page) => {
  const { first, side } = readViewerChoice(query, IDS)
  expect(first?.page ?? null).toBe(page)
  expect(side).toBeNull()
})

test('of 300 files twelve are shown, with the chosen one among them', () => {
  const ids = Array.from({ length: 300 }, (_, at) => `f${at}`)
  expect(viewedGroup({}, ids)).toMatchObject({ at: 1, groups: 25 })
  expect(viewedGroup({ files: '25' }, ids).ids).toEqual(ids.slice(288))
  for (const files of ['26', '0', 'x', '1.5']) expect(viewedGroup({ files }, ids).at).toBe(1)
  expect(viewedGroup({ file: 'f13', files: '3' }, ids)).toMatchObject({ at: 2 })
  expect(viewedGroup({}, []).ids).toEqual([])
})
