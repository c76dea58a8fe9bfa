'use server'
import { z } from 'zod'
import { searchedFor } from '#features/cases/commands/disclose.ts'
import { caseExists } from '#features/cases/queries/case-file.ts'
import { parseCaseNumber } from '#features/cases/rules/number.ts'
import { sealForSession } from '#http/sealed.ts'
import { staffAction } from '#http/staff-action.ts'
import type { FormState } from '#lib/form-state.ts'
import { pathFor } from '#messages/paths.ts'

const search = staffAction(
  {
    permission: 'case:read',
    schema: z.object({ q: z.string('case.search_empty').max(200, 'case.search_long') }),
  },
  async (actor, { q }, { locale, now }) => {
    if (q.trim() === '') return { faults: { q: 'case.search_empty' } }
    const number = parseCaseNumber(q)
    if (number.ok && (await caseExists(actor, number.value))) {
      return { to: pathFor(locale, { pathname: '/admin/cases/[number]', params: { number: number.value } }) }
    }
    await searchedFor(actor, q, now)
    const found = (await sealForSession('case-search', q)) ?? undefined
    return { to: pathFor(locale, { pathname: '/admin/cases', query: { found } }) }
  },
)

export async function searchAction(previous: FormState, form: FormData): Promise<FormState> {
  return search(previous, form)
}
