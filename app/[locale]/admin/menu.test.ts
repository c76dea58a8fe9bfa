import { expect, test } from 'vitest'
import { currentSection } from '#components/layout/current-section.ts'
import { may, type Permission, STAFF_ROLES } from '#lib/access/roles.ts'
import type { Pathname } from '#messages/routing.ts'
import { PAGES } from '#tests/entries.ts'
import { menuOf } from './menu.ts'

/** The start page leads on, and the list of waiting work belongs to the bell. */
const WITHOUT_SECTION = ['/admin', '/admin/waiting']

test.each(STAFF_ROLES)('each page that %s may open marks one entry of the menu', (role) => {
  const { sections, own } = menuOf({ role, carrierId: role === 'carrier' ? 'viettel' : null })
  const keys = [...sections, ...own].map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  const pages = Object.entries(PAGES).filter(
    ([page, access]) =>
      page.startsWith('/admin') && (access === 'signed in' || may(role, access as Permission)),
  )
  expect(pages.length).toBeGreaterThan(3)
  const unmarked = pages.filter(([page]) => !currentSection([...sections, ...own], page as Pathname))
  expect(unmarked.map(([page]) => page).filter((page) => !WITHOUT_SECTION.includes(page))).toEqual([])
})
