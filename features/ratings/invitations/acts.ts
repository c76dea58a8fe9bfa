import '#server-only'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { notify } from '#features/notices/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { type CaseKey, randomBuffer } from '#platform/crypto.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import { readAgencyVersions } from '../volumes/data.ts'
import { readAgencyMonth } from '../volumes/rules.ts'
import {
  agencyNames,
  type DrawnCase,
  deleteCases,
  inDraws,
  insertDraw,
  lockDraw,
  openCases,
  reachCases,
  writeCases,
} from './data.ts'
import {
  ANSWER_DAYS,
  type casesSchema,
  drawCases,
  drawSubject,
  type FaultyCase,
  FEWEST_CASES,
  type ListedCase,
  MAX_CASES,
  MOST_DRAWN,
  newToken,
  readCase,
  readCaseTable,
  tellCases,
} from './rules.ts'

const SOURCE_MOST = 120

/** `few`: too few cases to draw from. `listed`: the month has a list. `rows`: some rows are invalid, so none is taken. */
export type ListRefusal =
  | {
      readonly kind:
        | 'forbidden'
        | 'columns'
        | 'source'
        | 'few'
        | 'listed'
        | 'agency'
        | 'month'
        | 'future'
        | 'closed'
        | CsvFault
    }
  | { readonly kind: 'rows'; readonly faults: readonly FaultyCase[] }

interface NewList {
  readonly agency: string
  readonly month: string
  readonly source: string
  readonly submitKey: string
}

/** Imports a survey manager's list of cases, all or none. Nobody is invited until two people have agreed. Returns its id. */
export async function importCases(
  actor: StaffActor,
  { table, ...list }: NewList & { readonly table: string },
  now: Instant,
): Promise<Result<string, ListRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err({ kind: 'forbidden' })
  const csv = await readCsv(Buffer.from(table), MAX_CASES)
  if ('fault' in csv) return err({ kind: csv.fault })
  const read = readCaseTable(csv.rows)
  return read === null ? err({ kind: 'columns' }) : keepCases(actor, list, read, now)
}

/** Imports the list that the city's one-stop system sends, all or none. Sending it again adds no second list. */
export const takeCases = (
  { id: submitKey, cases, ...list }: z.output<typeof casesSchema>,
  now: Instant,
): Promise<Result<string, ListRefusal>> =>
  keepCases(
    { kind: 'system' },
    { ...list, submitKey },
    tellCases(cases.map((row, line) => ({ line, read: readCase(row) }))),
    now,
  )

async function keepCases(
  actor: StaffActor | { readonly kind: 'system' },
  { agency, month, source, submitKey }: NewList,
  { cases, faults }: { readonly cases: readonly ListedCase[]; readonly faults: readonly FaultyCase[] },
  now: Instant,
): Promise<Result<string, ListRefusal>> {
  const place = readAgencyMonth(agency, month, await readAgencyVersions(), now)
  if (typeof place === 'string') return err({ kind: place })
  const said = stripInvisible(source).trim()
  if (said === '' || said.length > SOURCE_MOST) return err({ kind: 'source' })
  if (faults.length > 0) return err({ kind: 'rows', faults })
  if (cases.length < FEWEST_CASES) return err({ kind: 'few' })
  return inDraws(() =>
    actOnce<string, ListRefusal>(submitKey, 'survey.cases_listed', now, async (tx) => {
      const id = await insertDraw(tx, { ...place, source: said }, cases, now)
      if (id === null) return err({ kind: 'listed' })
      const facts = {
        ...{ agency: place.agencyId, month: place.month, source: said, cases: cases.length },
        reachable: cases.filter(({ contact }) => contact !== null).length,
      }
      const subject = { kind: 'draw', id } as const
      await audit(tx, { actor, act: 'survey.cases_listed', subject, facts, at: now })
      return ok(id)
    }),
  )
}

const sizeField = z.coerce
  .number('survey.draw.size')
  .int('survey.draw.size')
  .min(FEWEST_CASES, 'survey.draw.size')
  .max(MOST_DRAWN, 'survey.draw.size')

/** Requests that people of a list be drawn and invited. Nothing happens until another survey manager confirms. */
export const askDraw = act({
  name: 'survey.draw_asked',
  permission: 'survey:manage',
  stepUp: 'work',
  faults: 'survey.draw',
  input: z.object({ drawId: z.uuid('general.invalid'), size: sizeField }),
  page: () => ({ pathname: '/admin/survey/invitations', query: { done: 'asked' } }) as const,
  async run({ tx, actor, input: { drawId, size }, now }) {
    const draw = await lockDraw(tx, drawId)
    if (draw === null || draw.drawnAt !== null || draw.closedAt !== null) return refuse('not_found')
    if (size > draw.cases) return refuse('more', 'size')
    const content = { drawId, size, agencyId: draw.agencyId, month: draw.month, cases: draw.cases }
    const asked = await askApproval(tx, actor, drawing, { subject: drawSubject(drawId), content }, now)
    return asked.ok ? logged() : refuse('asked')
  },
})

export const dropList = act({
  name: 'survey.cases_dropped',
  permission: 'survey:manage',
  faults: 'survey.draw',
  input: z.object({ drawId: z.uuid('general.invalid') }),
  page: () => ({ pathname: '/admin/survey/invitations', query: { done: 'dropped' } }) as const,
  subject: {
    async lock(tx: Tx, { drawId }: { readonly drawId: string }) {
      const draw = await lockDraw(tx, drawId)
      return draw === null || draw.drawnAt !== null || draw.closedAt !== null ? refuse('not_found') : draw
    },
    entry: ({
      id,
      agencyId,
      month,
    }: {
      readonly id: string
      readonly agencyId: string
      readonly month: string
    }) => ({
      ...{ subject: { kind: 'draw', id } as const, facts: { agency: agencyId, month } },
    }),
  },
  async run({ tx, subject: { id }, now }) {
    await reachCases(tx)
    await deleteCases(tx, id)
    await tx.surveyDraw.update({ where: { id }, data: { closedAt: now }, select: { id: true } })
  },
})

const reach = (contact: ListedCase['contact']): ListedCase['contact'] =>
  contact?.kind === 'phone' && !reachesPhones() ? null : contact

/** Sends one invitation message to each drawn case whose contact can be reached. Returns how many were sent. */
export async function send(
  tx: Tx,
  template: 'invitation_invited' | 'invitation_reminded',
  draw: { readonly agencyId: string; readonly endsAt: Instant },
  { key, cases }: { readonly key: CaseKey; readonly cases: readonly DrawnCase[] },
  at: Instant,
): Promise<number> {
  const { nameVi: agency } = await agencyNames(draw.agencyId, at)
  let sent = 0
  for (const { contact: known, token } of cases) {
    const to = reach(known)
    if (to === null || token === null) continue
    const params = { number: '', agency, place: draw.agencyId, token, until: draw.endsAt.toISOString() }
    await notify(tx, { key, to, template, locale: 'vi', params, at })
    sent++
  }
  return sent
}

/** Draws at random and invites, in one transaction, which also deletes the cases that were not drawn. */
export const drawing: Approvable<'survey.draw', 'not_found'> = {
  kind: 'survey.draw',
  within: (work) => inDraws(work),
  async carryOut({ tx, request: { content }, now }) {
    const draw = await lockDraw(tx, content.drawId)
    if (draw === null || draw.drawnAt !== null || draw.closedAt !== null) return err('not_found')
    const open = await openCases(tx, draw.id)
    if (open === null) return err('not_found')
    const places = open.cases.map(() => randomBuffer(6).readUIntBE(0, 6))
    const drawn = drawCases(open.cases, content.size, places).map((one) => ({
      ...{ ...one, token: newToken(randomBuffer), onPaper: reach(one.contact) === null },
    }))
    await tx.surveyInvitation.deleteMany({ where: { drawId: draw.id } })
    await writeCases(tx, open.key, drawn)
    const endsAt = addMilliseconds(now, ANSWER_DAYS * DAY)
    const data = { drawn: drawn.length, drawnAt: now, endsAt }
    await tx.surveyDraw.update({ where: { id: draw.id }, data, select: { id: true } })
    const strata = Map.groupBy(drawn, ({ procedure }) => procedure)
    for (const [procedure, some] of strata)
      await tx.surveyStratum.update({
        where: { drawId_procedure: { drawId: draw.id, procedure } },
        data: { drawn: some.length },
        select: { drawId: true },
      })
    const sent = await send(tx, 'invitation_invited', { ...draw, endsAt }, { ...open, cases: drawn }, now)
    const facts = { agency: draw.agencyId, month: draw.month, cases: draw.cases, drawn: drawn.length, sent }
    return ok({ facts })
  },
  logs: ({ content }) => ({
    acts: {
      ask: 'survey.draw_asked',
      confirm: 'survey.drawn',
      refuse: 'survey.draw_dropped',
      withdraw: 'survey.draw_dropped',
    },
    subject: { kind: 'draw', id: content.drawId },
    facts: { size: content.size },
  }),
}

const SLIPS_AT_A_TIME = 200
export const slipParts = (printed: number): number => Math.ceil(printed / SLIPS_AT_A_TIME)

/** Returns a part of the unanswered printed invitations of an open draw, and logs who took them; null if there are none. */
export const takeSlips = (
  actor: StaffActor,
  { drawId, part }: { readonly drawId: string; readonly part: number },
  now: Instant,
) =>
  inDraws(() =>
    transaction(async (tx) => {
      const asked = may(actor.role, 'survey:manage') && part >= 1 && part <= slipParts(MOST_DRAWN)
      const draw = asked ? await lockDraw(tx, drawId) : null
      if (draw?.endsAt == null || draw.endsAt <= now || draw.closedAt !== null) return null
      const open = await openCases(tx, drawId)
      // Pages over answered slips too, so that each slip stays in its part when others have been answered.
      const page = await tx.surveyInvitation.findMany({
        where: { drawId, onPaper: true },
        orderBy: { id: 'asc' },
        ...{ skip: (part - 1) * SLIPS_AT_A_TIME, take: SLIPS_AT_A_TIME },
        select: { id: true },
      })
      const ids = new Set(page.map(({ id }) => id))
      const slips = (open?.cases ?? [])
        .filter(({ id }) => ids.has(id))
        .flatMap(({ token, reference, procedure }) =>
          token === null ? [] : [{ token, reference, procedure }],
        )
      if (slips.length === 0) return null
      const { agencyId, endsAt } = draw
      const subject = { kind: 'draw', id: drawId } as const
      const facts = { agency: agencyId, slips: slips.length, part }
      await audit(tx, { actor, act: 'survey.slips_taken', subject, facts, at: now })
      return { agencyId, name: (await agencyNames(agencyId, now)).nameVi, endsAt, slips }
    }),
  )
