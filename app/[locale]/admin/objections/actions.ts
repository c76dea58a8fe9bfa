'use server'
import { z } from 'zod'
import { searchedFor } from '#features/cases/commands/disclose.ts'
import { inspectPhone } from '#features/objections/acts.ts'
import { findObjections } from '#features/objections/queue/data.ts'
import { objectionNumbers } from '#features/objections/rules/number.ts'
import { readObjectionSearch } from '#features/objections/rules/search.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { sealForSession } from '#http/sealed.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

/**
 * Redirects to the objections that a search finds, or to the objection with the number. It is posted, so that no
 * contact is in an address.
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

export const inspectAction = staffAction(
  {
    permission: 'case:decide',
    schema: z.object({
      submitKey: requiredSubmitKey,
      objectionNumber: z.string().max(40, 'objection.not_found_anywhere'),
      imei: z.string().max(60, 'report.imei.length'),
      reason: z.string().max(5_000, 'case.text_too_long').default(''),
    }),
  },
  async (actor, { objectionNumber: number, ...input }, { locale, now }) => {
    const seen = await inspectPhone(actor, { ...input, number }, now)
    if (seen.ok)
      return { to: pathFor(locale, { pathname: '/admin/objections', query: { inspected: seen.value } }) }
    const { error } = seen
    if (typeof error === 'object') return { faults: { imei: `report.imei.${error.imei}` } }
    if (error === 'not_found') return { faults: { objectionNumber: 'objection.not_found_anywhere' } }
    return { faults: { [error === 'text_missing' ? 'reason' : 'form']: `objection.${error}` } }
  },
)
