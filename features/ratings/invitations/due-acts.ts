import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import { listPublishedQuestionnaires } from '#features/questionnaires/versions/data.ts'
import { askedQuestions } from '#features/questionnaires/versions/rules.ts'
import { firstDay, monthOf } from '#features/results/rules.ts'
import { MIN_INVITED_GROUP } from '#lib/statistics/groups.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { examineWaiting } from '../comments/acts.ts'
import { send } from './acts.ts'
import { deleteCases, findDue, findReleasable, inDraws, lockDraw, lockWaiting, openCases } from './data.ts'
import { LIST_DAYS, REMINDER_DAYS } from './rules.ts'
import { weigh } from './weights-rules.ts'

/** Does one step for each open draw that is due for it, each in its own transaction with an audit entry. */
async function eachDraw(
  due: Parameters<typeof findDue>[0],
  name: AuditAct,
  work: (
    tx: Tx,
    draw: NonNullable<Awaited<ReturnType<typeof lockDraw>>>,
  ) => Promise<Readonly<Record<string, number | null>> | null>,
  at: Instant,
): Promise<void> {
  for (const { id } of await findDue(due))
    await transaction(async (tx) => {
      const draw = await lockDraw(tx, id)
      const facts = draw && draw.closedAt === null ? await work(tx, draw) : null
      if (draw === null || facts === null) return
      const subject = { kind: 'draw', id } as const
      const said = { agency: draw.agencyId, month: draw.month, ...facts }
      await audit(tx, { actor: { kind: 'system' }, act: name, subject, facts: said, at })
    })
}

/** Deletes the personal data of ended draws and undrawn lists, publishes the answers of thirty people, and reminds once. */
export const tendDraws = (now: Instant): Promise<void> =>
  inDraws(async () => {
    // Deletion first: a message that cannot be written must not delay the deletion of personal data.
    await eachDraw(
      {
        OR: [
          { endsAt: { lte: now } },
          { drawnAt: null, listedAt: { lte: addMilliseconds(now, -LIST_DAYS * DAY) } },
        ],
      },
      'survey.draw_closed',
      async (tx, { id, drawnAt, endsAt }) => {
        // The people may have been drawn and invited since the query found the list.
        if (endsAt !== null && endsAt > now) return null
        const strata = await tx.invitedResponse.groupBy({
          by: ['procedure'],
          where: { drawId: id },
          _count: { _all: true },
        })
        for (const { procedure, _count } of strata)
          await tx.surveyStratum.update({
            where: { drawId_procedure: { drawId: id, procedure } },
            data: { answered: _count._all },
            select: { drawId: true },
          })
        const answered = strata.reduce((sum, { _count }) => sum + _count._all, 0)
        const data = { closedAt: now, answered: drawnAt === null ? null : answered }
        await tx.surveyDraw.update({ where: { id }, data, select: { id: true } })
        return { deleted: await deleteCases(tx, id), answered: data.answered }
      },
      now,
    )
    for (const agencyId of await findReleasable(MIN_INVITED_GROUP)) await publishInvited(agencyId, now)
    const before = addMilliseconds(now, -REMINDER_DAYS * DAY)
    await eachDraw(
      { drawnAt: { lte: before }, remindedAt: null, endsAt: { gt: now } },
      'survey.draw_reminded',
      async (tx, { id, agencyId, endsAt, remindedAt }) => {
        const open = await openCases(tx, id)
        if (open === null || endsAt === null || remindedAt !== null) return null
        await tx.surveyDraw.update({ where: { id }, data: { remindedAt: now }, select: { id: true } })
        return { sent: await send(tx, 'invitation_reminded', { agencyId, endsAt }, open, now) }
      },
      now,
    )
  })

/** Publishes the answers to the closed draws of an agency, at most once a month: published figures never change. */
async function publishInvited(agencyId: string, now: Instant): Promise<void> {
  const questionnaires = await listPublishedQuestionnaires(now)
  await transaction(async (tx) => {
    const { ids, cases, answers } = await lockWaiting(tx, agencyId)
    if (answers.length < MIN_INVITED_GROUP) return
    const month = monthOf(now)
    const released = firstDay(month)
    if ((await tx.surveyDraw.count({ where: { agencyId, released } })) > 0) return
    // A question that several versions ask alike is counted over everybody who was asked it.
    const told = askedQuestions(questionnaires, now).flatMap(
      ({ version, versions, question: { key, kind } }) => {
        const some = answers.filter((one) => versions.includes(one.version))
        return Object.entries(weigh(some, cases, new Map([[key, kind]]))).map(
          ([question, { respondents, counts, weighted, effective }]) => ({
            ...{ agencyId, released, questionnaireVersion: version, question, respondents, effective },
            ...{ counts: { ...counts }, weighted: { ...weighted } },
          }),
        )
      },
    )
    for (const version of new Set(answers.map((one) => one.version)))
      await examineWaiting(tx, { agencyId, questionnaireVersion: version }, now)
    await tx.invitedCell.createMany({ data: told })
    const ofDraws = { drawId: { in: ids } }
    await tx.invitedResponse.updateMany({ where: ofDraws, data: { counted: true } })
    await tx.surveyDraw.updateMany({ where: { id: { in: ids } }, data: { released } })
    await tx.surveyComment.updateMany({
      where: { ...ofDraws, released: false },
      data: { released: true, receivedMonth: released },
    })
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'survey.invited_published',
      subject: { kind: 'catalogue', id: agencyId },
      facts: { agency: agencyId, month, draws: ids.length, answers: answers.length },
      at: now,
    })
  })
}
