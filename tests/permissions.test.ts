import { expect, test } from 'vitest'
import { PERMISSIONS } from '#lib/access/roles.ts'
import { routing } from '#messages/routing.ts'
import { ACTIONS, FORMS, HANDLERS, PAGES, placeOf, sourcesOfApp } from './entries.ts'
import { actionsInSources, permissionsPage } from './permissions.ts'

const permission = (access: unknown) => PERMISSIONS.find((one) => one === access)

test('every page and handler says who may come in', () => {
  expect(Object.keys(PAGES).length).toBeGreaterThan(100)
  expect(Object.keys(HANDLERS).length).toBeGreaterThan(50)
})

test('every page has its address in both languages, and every address its page', () => {
  const pages = Object.keys(PAGES).filter((page) => page !== '/[...rest]')
  expect(Object.keys(routing.pathnames).toSorted()).toEqual(pages.toSorted())
})

test('every action has its row in tests/entries.ts, and every row its action', () => {
  expect(Object.keys(ACTIONS).toSorted()).toEqual([...actionsInSources().keys()].toSorted())
})

test('who a page says may come in is who it lets in', () => {
  for (const [path, text] of sourcesOfApp().filter(([one]) => one.endsWith('/page.tsx'))) {
    const access = PAGES[placeOf(path) || '/']
    expect(/\brequireStaff\(([^)]+)\)/.exec(text)?.[1], path).toBe(permission(access) ? 'access' : undefined)
  }
})

test('no page of the staff leads to the sign-in form by itself: a passkey may be due before it', () => {
  const pages = sourcesOfApp().filter(([path]) => path.startsWith('app/[locale]/admin/'))
  expect(pages.filter(([, text]) => /redirect\(.*'\/sign-in'/.test(text)).map(([path]) => path)).toEqual([])
})

test('who may use an action is who its source asks for', () => {
  const actions = actionsInSources()
  for (const [action, access] of Object.entries(ACTIONS)) {
    const asked = permission(access)
    if (asked && !(action in FORMS)) expect(actions.get(action), action).toContain(`permission: '${asked}'`)
  }
})

test('who may send the form of an act is who the act itself lets in', async () => {
  expect(Object.keys(FORMS).length).toBeGreaterThan(4)
  for (const [form, { file, act, access }] of Object.entries(FORMS)) {
    const acts: Readonly<Record<string, { readonly permission: unknown }>> = await import(
      /* @vite-ignore */ `../${file}`
    )
    expect(acts[act]?.permission, form).toBe(access)
  }
})

test('docs/permissions.md is what the policy and the entries say', async () => {
  await expect(permissionsPage()).toMatchFileSnapshot('../docs/permissions.md')
})
