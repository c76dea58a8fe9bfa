import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkboxes, Select } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { type Board, MOST_IN_UNIT } from '#features/cases/board/page-data.ts'
import { isAtWork, MOST_SHARED } from '#features/cases/board/rules.ts'
import type { Instant } from '#lib/time.ts'
import { shareOutAction } from './actions.ts'

export async function SharePart({
  board,
  also,
  now,
}: {
  readonly board: Board
  readonly also: Readonly<Record<string, string>>
  readonly now: Instant
}) {
  const [t, roles] = await Promise.all([getTranslations('unit.share'), getTranslations('admin.role')])
  const { people, load } = board
  const there = people
    .filter((one) => one.canSignIn && isAtWork(one, now))
    .toSorted((a, b) => a.role.localeCompare(b.role) || a.load.open - b.load.open)
  const from = [
    ...(load.unassigned > 0
      ? [
          {
            value: 'nobody',
            label: t('from_nobody', {
              count: load.unassigned >= MOST_IN_UNIT ? `${MOST_IN_UNIT}+` : load.unassigned,
            }),
          },
        ]
      : []),
    // Absent people first, because their cases wait.
    ...people
      .filter((one) => one.load.open > 0)
      .toSorted((a, b) => Number(b.absentUntil !== null) - Number(a.absentUntil !== null))
      .map(({ id, name, absentUntil, load: { open } }) => ({
        value: id,
        label: t(absentUntil === null ? 'from_person' : 'from_absent', { name, count: open }),
      })),
  ]
  return (
    <section className="card stack" id="share">
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      {from.length === 0 ? (
        <p className="text-soft">{t('nothing')}</p>
      ) : there.length === 0 ? (
        <p className="text-soft">{t('nobody')}</p>
      ) : (
        <ActionForm
          action={shareOutAction}
          scope="share-out"
          className="stack"
          initial={{
            from: from[0]?.value ?? 'nobody',
            // Approvers are not preselected: a case that they verify needs another person's approval.
            receiver: there.filter(({ role }) => role === 'officer').map(({ id }) => id),
            shareCount: String(Math.min(Math.max(load.unassigned, 1), MOST_SHARED)),
          }}
        >
          {Object.entries(also).map(([name, value]) => (
            <HiddenField key={name} name={name} value={value} />
          ))}
          <HiddenField name="unitId" value={board.unitId} />
          <Select name="from" label={t('from')} options={from} />
          <Checkboxes
            name="receiver"
            label={t('to')}
            options={there.map(({ id, name, role, load: { open } }) => ({
              value: id,
              label: name,
              hint: t('to_hint', { role: roles(role), open }),
            }))}
          />
          <Field
            name="shareCount"
            label={t('count')}
            hint={t('count_hint')}
            inputMode="numeric"
            width="short"
          />
          <p className="actions">
            <SubmitButton>{t('button')}</SubmitButton>
          </p>
        </ActionForm>
      )}
    </section>
  )
}
