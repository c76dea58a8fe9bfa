import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { ErrorPlace, FoldedForm } from '#components/form/folded-form.tsx'
import { LiveForms, OneForm } from '#components/form/live-forms.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { isWaiting, type Waiting } from '#features/accounts/rules/waiting.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { FormAction } from '#lib/form-state.ts'
import { displayName } from '#lib/imei/device.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { buttonOf, type CaseDecision, type DecisionsOpen, moveOf } from '../rules/decisions.ts'
import type { DecisionForm as Button } from '../rules/moves/spec.ts'
import { needs, ruleOf } from '../rules/moves.ts'
import { asksForCheck, restsOnProof } from '../rules/proof.ts'
import type { CaseState } from '../rules/state.ts'
import { Checklist, type Claim } from './checklist.tsx'

interface Colleague extends Waiting {
  readonly id: string
  readonly name: string
  readonly role: StaffRole
  /** The last day, local, of an absence that runs. */
  readonly absentUntil: string | null
  readonly load: { readonly open: number; readonly overdue: number }
}

export interface DecisionFormsProps {
  readonly action: FormAction
  readonly number: string
  readonly version: number
  readonly state: CaseState
  readonly open: DecisionsOpen
  /** To whom the case can be given. */
  readonly colleagues: readonly Colleague[]
  /** The facts that are claimed, for the checklist. */
  readonly claim: Claim
  /** The phones that carriers have named, or a machine has read on the proof, for a reader who has opened the papers. */
  readonly named: readonly NamedPhone[]
  /** The field that asks for a code, for decisions that want a fresh one. */
  readonly code: ReactNode
  /** The words to read right before the main decision. */
  readonly before: ReactNode
}

/** Renders everything that can be decided now, each act a form of its own: the most likely one open, the others folded. */
export async function DecisionForms({ action, open, before, ...props }: DecisionFormsProps) {
  const [t, common] = await Promise.all([
    getTranslations('case-staff.decision'),
    getTranslations('common.form'),
  ])
  return (
    <div className="stack @container">
      <LiveForms
        action={action}
        words={{
          summary: common('summary'),
          optional: common('optional'),
          pending: common('pending'),
          errorTitle: common('errorTitle'),
        }}
        marks={[...(open.main ? [open.main] : []), ...open.others].map((decision) => ({ decision }))}
        written={{ reason: t('reason'), note: t('note_label') }}
      >
        {before}
        {open.main ? <DecisionForm {...props} decision={open.main} look="main" /> : null}
        {open.others.length > 0 ? (
          <div className="space-y-3 border-t border-line pt-4">
            {open.others.map((decision) => (
              <DecisionForm key={decision} {...props} decision={decision} look="other" />
            ))}
          </div>
        ) : null}
      </LiveForms>
    </div>
  )
}

interface DecisionFormProps extends Omit<DecisionFormsProps, 'action' | 'open' | 'before'> {
  readonly decision: CaseDecision
  readonly look: 'main' | 'other'
}

async function DecisionForm({
  number,
  version,
  state,
  decision,
  look,
  colleagues,
  claim,
  named,
  code,
}: DecisionFormProps) {
  const t = await getTranslations('case-staff.decision')
  const move = moveOf(decision, state)
  const rule = ruleOf(move)
  const button = buttonOf(decision, state)
  const fields = (
    <>
      {restsOnProof(move) ? <ErrorPlace name="evidence" /> : null}
      {asksForCheck(move) ? <Checklist claim={claim} /> : null}
      {rule.codes ? <ReasonCode codes={rule.codes} /> : null}
      {needs(move, 'assignee') ? <Colleagues colleagues={colleagues} /> : null}
      {button.asksForImei ? <ImeiFields named={named} /> : null}
      {rule.text ? <Reason warning={button.warning} isPublic={rule.textIsPublic === true} /> : null}
      {button.noteRequired ? (
        <TextArea name="note" label={t('note_label')} hint={t('note_hint')} rows={2} />
      ) : null}
      {button.stepUp === null ? null : code}
      <div className="space-y-1.5">
        <SubmitButton
          name="decision"
          value={decision}
          look={look === 'main' ? 'primary' : button.goes === 'against' ? 'danger' : 'quiet'}
          size={look === 'other' ? 'small' : 'normal'}
        >
          {t(`${decision}.button`)}
        </SubmitButton>
        <p className="text-sm text-soft">{t(`${decision}.does`)}</p>
      </div>
    </>
  )
  const bare =
    !rule.codes && !rule.text && !needs(move, 'assignee') && !button.noteRequired && !button.asksForImei
  return (
    <OneForm mark={{ decision }} scope={`act-${decision}`} submitKey={crypto.randomUUID()}>
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      {look === 'main' || bare ? fields : <FoldedForm summary={t(`${decision}.button`)}>{fields}</FoldedForm>}
    </OneForm>
  )
}

/** A phone that a carrier has named; `carrierName` says where it was read where that is on the proof. */
export interface NamedPhone {
  readonly choice: string
  readonly carrierName: string
  readonly imei: string
  readonly device: { readonly manufacturer: string; readonly model: string } | null
}

/** Asks for the IMEI: typed from the box or an invoice, or chosen among those that carriers have named. */
async function ImeiFields({ named }: Pick<DecisionFormsProps, 'named'>) {
  const t = await getTranslations('case-staff.decision.set_imei')
  const imei = { inputMode: 'numeric', look: 'number', width: 'medium' } as const
  return (
    <>
      <Field name="imei1" label={t('typed')} {...imei} optional={named.length > 0} />
      <Field name="imei2" label={t('typed2')} {...imei} optional />
      {named.length === 0 ? null : (
        <Radios
          name="imeiChoice"
          label={t('named')}
          optional
          options={named.map(({ choice, imei: digits, device, carrierName }) => ({
            value: choice,
            label: t('imei', { imei: formatImei(digits) }),
            hint: [device ? displayName(device.manufacturer, device.model) : null, carrierName]
              .filter(Boolean)
              .join(', '),
          }))}
        />
      )}
    </>
  )
}

async function ReasonCode({ codes }: { readonly codes: readonly string[] }) {
  const t = await getTranslations('case-staff')
  return (
    <Select
      name="reasonCode"
      label={t('decision.code')}
      placeholder={t('decision.code_none')}
      options={codes.map((code) => ({ value: code, label: t(`code.${code}` as 'code.other') }))}
    />
  )
}

async function Reason({
  warning,
  isPublic,
}: {
  readonly warning: Button['warning']
  readonly isPublic: boolean
}) {
  const t = await getTranslations('case-staff.decision')
  return (
    <TextArea
      name="reason"
      label={t('reason')}
      hint={
        <>
          {isPublic ? t('reason_read') : t('reason_hint')}
          {warning ? (
            <span className="mt-2 flex gap-2 rounded-part bg-saffron-wash px-3 py-2 text-ink">
              <span className="mt-0.5 text-saffron-deep">
                <Icon name="alert" size={18} />
              </span>
              {t(warning)}
            </span>
          ) : null}
        </>
      }
      rows={3}
    />
  )
}

/** Colleagues, each with role and load. Those who take no cases now stand in the list with the time from which they do. */
async function Colleagues({ colleagues }: Pick<DecisionFormsProps, 'colleagues'>) {
  const [t, roles, lang] = await Promise.all([
    getTranslations('case-staff.decision'),
    getTranslations('admin.role'),
    getLocale(),
  ])
  const now = new Date()
  const locale = lang === 'en' ? 'en' : 'vi'
  const optionOf = ({ id, name: bare, role, decidesFrom, absentUntil, load }: Colleague) => {
    const name = t('colleague_is', { name: bare, role: roles(role) })
    if (isWaiting({ decidesFrom }, now)) {
      const time = formatInstant(locale, decidesFrom, 'stamp')
      return { value: id, label: t('colleague_from', { name, time }), disabled: true }
    }
    if (absentUntil !== null) {
      const date = formatDate(locale, absentUntil)
      return { value: id, label: t('colleague_absent', { name, date }), disabled: true }
    }
    return { value: id, label: t('colleague_load', { name, ...load }) }
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
