import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { allUnits } from '#features/areas/data.ts'
import { listUndecidedCases, type UndecidedCase } from '#features/cases/deciders/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { MayDecide } from '../may-decide.tsx'
import { nameOf } from '../name-of.ts'
import { StepUpField } from '../step-up-field.tsx'
import { lendAction } from './actions.ts'

/** Lists the cases that nobody may decide, each with the form that asks for somebody of another unit; for admins alone. */
export async function LendCases({ staff, now }: { readonly staff: StaffActor; readonly now: Instant }) {
  const [t, cases] = await Promise.all([getTranslations('approvals.lend'), listUndecidedCases(staff, now)])
  if (cases.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <ul className="stack list-none">
        {cases.map((one) => (
          <li key={one.number} className="max-w-none" data-undecided={one.number}>
            <LendCase one={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}

async function LendCase({
  one: { number, unitId, since, question, people },
}: {
  readonly one: UndecidedCase
}) {
  const [t, units] = await Promise.all([getTranslations('approvals.lend'), allUnits()])
  const options = await Promise.all(
    people.map(async ({ id, name, unitId: of }) => ({
      value: id,
      label: [name, await nameOf(units, of)].filter(Boolean).join(', '),
    })),
  )
  return (
    <Card>
      <h3>
        {t('case')} <span className="num">{number}</span>
      </h3>
      <SummaryList
        rows={[
          { key: 'unit', term: t('unit'), value: (await nameOf(units, unitId)) ?? '' },
          { key: 'asks', term: t('asks'), value: t(`question.${question}`) },
          { key: 'since', term: t('since'), value: <Time at={since} form="moment" /> },
        ]}
      />
      {options.length === 0 ? (
        <p>{t('nobody')}</p>
      ) : (
        <MayDecide>
          <ActionForm action={lendAction} scope={`lend-${number}`} className="stack">
            <HiddenField name="number" value={number} />
            <Select name="accountId" label={t('person')} placeholder={t('choose')} options={options} />
            <StepUpField kind="always" />
            <SubmitButton>{t('ask')}</SubmitButton>
          </ActionForm>
        </MayDecide>
      )}
    </Card>
  )
}
