import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { type OptionGroup, Select } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { isWaiting, type Waiting } from '#domain/access/waiting.ts'
import { type CaseDecision, type DecisionsOpen, moveOf } from '#domain/case/decisions.ts'
import { ruleOf } from '#domain/case/moves.ts'
import type { FormAction } from '#domain/form-state.ts'
import { formatInstant } from '#messages/dates.ts'

interface Colleague extends Waiting {
  readonly id: string
  readonly name: string
}

export interface DecisionFormProps {
  readonly action: FormAction
  readonly number: string
  readonly version: number
  readonly open: DecisionsOpen
  /** To whom the case can be given. */
  readonly colleagues: readonly Colleague[]
  /** Where a code is asked for, as some of what is open wants a fresh one. */
  readonly code: ReactNode
  /** What to know right before the main decision. */
  readonly before: ReactNode
}

/** Everything that can be decided now, in one form: its reasons first, then a button for each, and what it does. */
export async function DecisionForm({
  action,
  number,
  version,
  open,
  colleagues,
  code,
  before,
}: DecisionFormProps) {
  const t = await getTranslations('case-staff.decision')
  const all = [...(open.main ? [open.main] : []), ...open.others]
  const others = open.others.filter((decision) => decision !== 'note')
  return (
    <ActionForm action={action} scope="decision" className="stack @container">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <div className="grid gap-x-10 gap-y-5 @2xl:grid-cols-2">
        <div className="stack @2xl:col-span-2">
          <Reasons decisions={all} />
          {code}
          {before}
          {open.main ? <Decision decision={open.main} main /> : null}
        </div>
        {others.length > 0 ? (
          <div className="stack border-t border-line pt-4">
            {others.map((decision) => (
              <div key={decision} className="stack">
                {decision === 'reassign' ? <Colleagues colleagues={colleagues} /> : null}
                <Decision decision={decision} />
              </div>
            ))}
          </div>
        ) : null}
        <div className="stack border-t border-line pt-4">
          <TextArea name="note" label={t('note_label')} hint={t('note_hint')} optional rows={2} />
          {all.includes('note') ? <Decision decision="note" /> : null}
        </div>
      </div>
    </ActionForm>
  )
}

/** Who loses to somebody else's claim reads why, and learns nothing of the other from it. */
const NAMES_NOBODY: readonly CaseDecision[] = ['refuse_counterclaim']

/** Code and words, where a decision that is open asks for them. */
async function Reasons({ decisions }: { readonly decisions: readonly CaseDecision[] }) {
  const t = await getTranslations('case-staff')
  const rules = decisions.map((decision) => ({ decision, rule: ruleOf(moveOf(decision)) }))
  const coded: OptionGroup[] = rules.flatMap(({ decision, rule }) =>
    rule.codes
      ? [
          {
            label: t(`decision.${decision}.button`),
            options: rule.codes.map((code) => ({ value: code, label: t(`code.${code}` as 'code.other') })),
          },
        ]
      : [],
  )
  const read = rules
    .filter(({ rule }) => rule.textIsPublic)
    .map(({ decision }) => t(`decision.${decision}.button`))
  return (
    <>
      {coded.length === 0 ? null : (
        <Select
          name="reasonCode"
          label={t('decision.code')}
          hint={t('decision.code_hint')}
          placeholder={t('decision.code_none')}
          options={coded}
        />
      )}
      {rules.some(({ rule }) => rule.text) ? (
        <TextArea
          name="reason"
          label={t('decision.reason')}
          hint={
            <>
              {read.length > 0
                ? t('decision.reason_public', { decisions: read.join(', ') })
                : t('decision.reason_hint')}
              {decisions.some((decision) => NAMES_NOBODY.includes(decision)) ? (
                <span className="mt-2 flex gap-2 rounded-part bg-saffron-wash px-3 py-2 text-ink">
                  <span className="mt-0.5 text-saffron-deep">
                    <Icon name="alert" size={18} />
                  </span>
                  {t('decision.reason_names_nobody')}
                </span>
              ) : null}
            </>
          }
          rows={4}
        />
      ) : null}
    </>
  )
}

interface DecisionProps {
  readonly decision: CaseDecision
  readonly main?: boolean
}

const HARD: readonly CaseDecision[] = ['reject', 'refuse_counterclaim']

async function Decision({ decision, main = false }: DecisionProps) {
  const t = await getTranslations('case-staff.decision')
  const look = main ? 'primary' : HARD.includes(decision) ? 'danger' : 'quiet'
  return (
    <div className="space-y-1.5">
      <SubmitButton name="decision" value={decision} look={look} size={main ? 'normal' : 'small'}>
        {t(`${decision}.button`)}
      </SubmitButton>
      <p className="text-[0.88rem] text-soft">{t(`${decision}.does`)}</p>
    </div>
  )
}

/** Colleagues who take no cases yet stand in the list with the time from which they do. */
async function Colleagues({ colleagues }: Pick<DecisionFormProps, 'colleagues'>) {
  const [t, locale] = await Promise.all([getTranslations('case-staff.decision'), getLocale()])
  const now = new Date()
  const optionOf = ({ id, name, decidesFrom }: Colleague) => {
    if (!isWaiting({ decidesFrom }, now)) return { value: id, label: name }
    const time = formatInstant(locale === 'en' ? 'en' : 'vi', decidesFrom, 'stamp')
    return { value: id, label: t('colleague_from', { name, time }), disabled: true }
  }
  return (
    <Select
      name="assigneeId"
      label={t('colleague')}
      placeholder={t('colleague_none')}
      options={colleagues.map(optionOf)}
    />
  )
}
