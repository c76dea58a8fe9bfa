'use server'
import { z } from 'zod'
import { searchedFor } from '#features/cases/disclosure/acts.ts'
import { inspectPhone } from '#features/disputes/objections/desk-acts.ts'
import { findObjections } from '#features/disputes/objections/queue-data.ts'
import { objectionNumbers, readObjectionSearch } from '#features/disputes/objections/rules.ts'
import { sealForSession } from '#http/sealed.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

/**
 * Redirects to the objections that a search finds, or to the objection with the number. It is a POST, so that no contact is in an
 * address.
 */
export const searchObjectionsAction = staffAction(
  {
    permission: 'case:read',
    schema: z.object({ q: z.string('objection.search_empty').max(200, 'case.search_long') }),
  },
  async (actor, { q }, { locale, now }) => {
    if (readObjectionSearch(q, now) === null) return { faults: { q: 'objection.search_empty' } }
    const number = objectionNumbers.parse(q)
    if (number.ok && (await findObjections(actor, q, null, now))?.rows.length) {
      const page = { pathname: '/admin/objections/[objection]', params: { objection: number.value } } as const
      return { to: pathFor(locale, page) }
    }
    await searchedFor(actor, q, now)
    const found = (await sealForSession('objection-search', q)) ?? undefined
    return { to: pathFor(locale, { pathname: '/admin/objections', query: { found } }) }
  },
)

export const inspectAction = staffForm(inspectPhone)
