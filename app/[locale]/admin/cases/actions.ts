'use server'
import { z } from 'zod'
import { BULK_DECISIONS, decideMany, MOST_CASES_AT_ONCE } from '#features/cases/decisions/acts.ts'
import { moveOf } from '#features/cases/decisions/rules.ts'
import { searchedFor } from '#features/cases/disclosure/acts.ts'
import { findCaseIdToRead } from '#features/cases/file/page-data.ts'
import { needs } from '#features/cases/moves/rules.ts'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { dropView, keepView, takeNext } from '#features/cases/queue/acts.ts'
import { WHOLE_QUEUE } from '#features/cases/queue/rules.ts'
import { isForSecond, writeStream } from '#features/cases/stream/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { sealForSession } from '#http/sealed.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

export const searchAction = staffAction(
  {
    permission: 'case:read',
    schema: z.object({ q: z.string('case.search_empty').max(200, 'case.search_long') }),
  },
  async (actor, { q }, { locale, now }) => {
    if (q.trim() === '') return { faults: { q: 'case.search_empty' } }
    const number = parseCaseNumber(q)
    if (number.ok && (await findCaseIdToRead(actor, number.value)) !== null) {
      return { to: pathFor(locale, { pathname: '/admin/cases/[number]', params: { number: number.value } }) }
    }
    await searchedFor(actor, q, now)
    const found = (await sealForSession('case-search', q)) ?? undefined
    return { to: pathFor(locale, { pathname: '/admin/cases', query: { found } }) }
  },
)

export const takeNextAction = staffAction(
  { permission: 'case:decide', schema: z.object({ submitKey: requiredSubmitKey }) },
  async (actor, { submitKey }, { locale, now }) => {
    const given = await takeNext(actor, submitKey, now)
    if (!given.ok) return { faults: { form: `case.${given.error}` } }
    const { number, taken } = given.value
    const page = { pathname: '/admin/cases/[number]', params: { number } } as const
    // A report that a second person takes to do the first review comes from the list of cases without an officer.
    const view = taken && isForSecond(actor.role) ? 'nobody' : 'todo'
    const stream = writeStream({ filter: { ...WHOLE_QUEUE, view }, done: 0 })
    return { to: pathFor(locale, { ...page, query: { ...(taken && { done: 'take' }), in: stream } }) }
  },
)

const CHOSEN = /^([0-9A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]):(\d{1,9})$/
const chosen = z
  .union([z.string(), z.array(z.string())], 'case.none_chosen')
  .transform((sent) => [...new Set([sent].flat())])
  .pipe(z.array(z.string().regex(CHOSEN, 'general.invalid')).max(MOST_CASES_AT_ONCE, 'case.too_many_chosen'))
  .transform((sent) =>
    sent.map((one) => {
      const [, number = '', version = ''] = CHOSEN.exec(one) ?? []
      return { number, version: Number(version) }
    }),
  )

export const bulkAction = staffAction(
  {
    permission: 'case:decide',
    schema: z.object({
      submitKey: requiredSubmitKey,
      act: z.enum([...BULK_DECISIONS, 'print'], 'case.decision_missing'),
      chosen: z.preprocess((sent) => sent ?? [], chosen),
      assigneeId: z
        .union([z.uuid(), z.literal('')])
        .optional()
        .catch(undefined),
      note: z.string().trim().max(500, 'case.text_too_long').optional(),
    }),
  },
  async (actor, { act, chosen, submitKey, assigneeId, note }, { locale, now, form }) => {
    if (chosen.length === 0) return { faults: { form: 'case.none_chosen' } }
    if (act === 'print') {
      const numbers = chosen.map(({ number }) => number).join('.')
      return { to: pathFor(locale, { pathname: '/admin/cases/print', query: { numbers } }) }
    }
    if (needs(moveOf(act), 'assignee') && !assigneeId) return { faults: { form: 'case.assignee_missing' } }
    const results = await decideMany(
      actor,
      { decision: act, chosen, submitKey, ...(assigneeId && { assigneeId, note }) },
      now,
    )
    const result = (await sealForSession('queue-results', { decision: act, results })) ?? undefined
    // Returns to the list where they were selected.
    const back = Object.fromEntries(new URLSearchParams(String(form.get('back') ?? '').slice(0, 500)))
    return { to: pathFor(locale, { pathname: '/admin/cases', query: { ...back, result } }) }
  },
)

export const keepViewAction = staffAction(
  {
    permission: 'case:read',
    schema: z.object({
      query: z.string().max(400, 'general.invalid'),
      viewName: z.string('view.empty').max(200, 'view.too_long'),
    }),
  },
  async (actor, { query, viewName }, { locale, now }) => {
    const kept = await keepView(actor, { name: viewName, query }, now)
    if (!kept.ok) return { faults: { viewName: `view.${kept.error}` } }
    const choices = Object.fromEntries(new URLSearchParams(query))
    return { to: pathFor(locale, { pathname: '/admin/cases', query: { ...choices, kept: kept.value } }) }
  },
)

export const dropViewAction = staffAction(
  { permission: 'case:read', schema: z.object({ view: z.uuid('general.invalid') }) },
  async (actor, { view }, { locale }) => {
    await dropView(actor, view)
    return { to: pathFor(locale, '/admin/cases') }
  },
)
