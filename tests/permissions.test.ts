import { expect, test } from 'vitest'
import { PERMISSIONS } from '#lib/access/roles.ts'
import { ACTIONS, HANDLERS, PAGES } from './entries.ts'
import { entriesInSources, permissionsPage } from './permissions.ts'

const { pages, actions, handlers } = entriesInSources()

test.each([
  ['page', pages, PAGES],
  ['action', actions, ACTIONS],
  ['handler', handlers, HANDLERS],
] as const)('every %s has its row in tests/entries.ts, and every row its entry', (_, found, rows) => {
  expect(Object.keys(rows).toSorted()).toEqual([...found.keys()].toSorted())
})

test('what a row says is what its source asks for', () => {
  const permission = (door: unknown) => PERMISSIONS.find((one) => one === door)
  const asks = (text = '') => /requireStaff\('([\w:]+)'\)/.exec(text)?.[1]
  for (const [page, door] of Object.entries(PAGES)) expect(asks(pages.get(page)), page).toBe(permission(door))
  for (const [action, door] of Object.entries(ACTIONS)) {
    const asked = permission(door)
    if (asked) expect(actions.get(action), action).toContain(`permission: '${asked}'`)
  }
})

test('docs/permissions.md is what the policy and the entries say', async () => {
  await expect(permissionsPage()).toMatchFileSnapshot('../docs/permissions.md')
})
