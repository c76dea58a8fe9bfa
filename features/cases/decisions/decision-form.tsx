import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Radios } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { ErrorPlace } from '#components/form/folded-form.tsx'
import { formWords } from '#components/form/form-words.ts'
import {
  FoldedAct,
  FoldedActs,
  type FormMark,
  LiveForms,
  OneForm,
  OwnSummary,
} from '#components/form/live-forms.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { KeyCap } from '#components/ui/key-cap.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { displayName } from '#lib/imei/device.ts'
import { formatImei } from '#lib/imei/imei.ts'
import type { Locale } from '#messages/routing.ts'
import type { NamedPhone } from '../imeis/data.ts'
import { needs, ruleOf } from '../moves/rules.ts'
import { Checklist, type Claim } from '../proof/checklist.tsx'
import { asksForCheck, restsOnProof } from '../proof/rules.ts'
import type { CaseState } from '../record/state-rules.ts'
import { type Colleague, Colleagues } from './colleagues.tsx'
import { Reason } from './reason.tsx'
import type { ReasonFieldsProps } from './reason-fields.tsx'
import { buttonOf, type CaseDecision, type DecisionsOpen, moveOf } from './rules.ts'

export interface DecisionsProps {
  readonly number: string
  readonly version: number
  readonly state: CaseState
  readonly open: DecisionsOpen
}

/** Renders the part of a page with the decisions. The result of the last decision is shown above the remaining ones. */
export async function DecisionScope({
  action,
  open,
  upholds,
  children,
}: Pick<DecisionsProps, 'open'> & {
  readonly action: FormAction
  /** The numbers of the cases that can be upheld here, each in a form of its own. */
  readonly upholds: readonly string[]
  readonly children: ReactNode
}) {
  const [t, words] = await Promise.all([getTranslations('case-staff.decision'), formWords()])
  return (
    <LiveForms
      action={action}
      words={words}
      marks={[
        ...[...(open.main ? [open.main] : []), ...open.others].map((act) => ({ act })),
        ...upholds.map(upholdMark),
      ]}
      written={{ reason: t('reason'), note: t('note_label') }}
    >
      {children}
    </LiveForms>
  )
}

export const upholdMark = (number: string) => ({ act: `uphold-${number}` }) satisfies FormMark

interface OneDecisionProps extends Omit<DecisionsProps, 'open' | 'state'> {
  readonly mark: { readonly act: string }
  readonly className?: string
  readonly summaryInside?: boolean
  readonly children: ReactNode
}

export const OneDecision = ({ number, version, mark, children, ...form }: OneDecisionProps) => (
  <OneForm {...form} mark={mark} scope={`act-${mark.act}`} submitKey={crypto.randomUUID()}>
    <HiddenField name="number" value={number} />
    <HiddenField name="version" value={String(version)} />
    {/* Identifies the form. Its buttons cannot, because a form may have two. */}
    <HiddenField name="act" value={mark.act} />
    {children}
  </OneForm>
)

/** Renders the form that takes a case and opens its evidence with one press. */
export async function TakeForm({
  number,
  version,
  opens,
}: Pick<DecisionsProps, 'number' | 'version'> & {
  readonly opens: boolean
}) {
  const t = await getTranslations('case-staff')
  return (
    <OneDecision number={number} version={version} mark={{ act: 'take' }} className="take-bar">
      <p>
        <b>{t('page.nobody')}.</b> <span className="text-soft">{t('decision.take.does')}</span>
      </p>
      {opens ? (
        <>
          <HiddenField name="openKey" value={crypto.randomUUID()} />
          <SubmitButton name="open" value="take" size="small" shortcut="o">
            {t('decision.take_open')} <KeyCap of="O" />
          </SubmitButton>
        </>
      ) : null}
      <SubmitButton
        name="decision"
        value="take"
        size="small"
        look={opens ? 'quiet' : 'primary'}
        shortcut={buttonOf('take').key}
      >
        {t('decision.take.button')} <KeyCap of={buttonOf('take').key} />
      </SubmitButton>
    </OneDecision>
  )
}

interface DecisionFormsProps extends DecisionsProps {
  readonly colleagues: readonly Colleague[]
  readonly claim: Claim
  readonly seen: boolean
  readonly language: Locale
  /** The phones that carriers named or a machine read on the proof; only for a reader who has opened the papers. */
  readonly named: readonly NamedPhone[]
  readonly snippets: ReasonFieldsProps['snippets']
  readonly code: ReactNode
  /** The place of the next case in the list that the person works through; null at the end of the list. */
  readonly next: { readonly at: number; readonly of: number } | null
  /** A notice shown before the questions of the main decision. */
  readonly before: ReactNode
  /** The findings of others, below the questions. */
  readonly after: ReactNode
  /** Acts before all others. */
  readonly lead?: ReactNode
  readonly leading?: number
}

/**
 * Renders every decision that is possible now as a choice of acts, each with a form of its own. The most likely act is open; the
 * others are folded. Taking the case is apart ({@link TakeForm}).
 */
export async function DecisionForms({
  open,
  before,
  after,
  lead,
  leading = 0,
  ...props
}: DecisionFormsProps) {
  const t = await getTranslations('case-staff.decision')
  const { usual, rare } = actsOf(open, props.state, leading)
  const formOf = (decision: CaseDecision) => (
    <DecisionForm
      key={decision}
      {...props}
      decision={decision}
      first={decision === open.main}
      before={decision === open.main ? before : null}
      after={decision === open.main ? after : null}
    />
  )
  return (
    <div className="acts">
      {lead}
      {usual.map(formOf)}
      {rare.length === 0 ? null : (
        <FoldedActs marks={rare.map((act) => ({ act }))} summary={t('more')}>
          {rare.map(formOf)}
        </FoldedActs>
      )}
    </div>
  )
}

const ACTS_IN_LINE = 4

/** Returns the acts of a page without taking. If there are too many, the rare ones are apart, under one button. */
function actsOf({ main, others }: DecisionsOpen, state: CaseState, leading = 0) {
  const acts = [...(main ? [main] : []), ...others].filter((act) => act !== 'take')
  const isRare = (act: CaseDecision) => act !== main && buttonOf(act, state).rare === true
  if (leading + acts.length <= ACTS_IN_LINE) return { usual: acts, rare: [] }
  return { usual: acts.filter((act) => !isRare(act)), rare: acts.filter(isRare) }
}

async function DecisionForm({
  number,
  version,
  state,
  decision,
  first,
  colleagues,
  claim,
  seen,
  language,
  named,
  snippets,
  code,
  next,
  before,
  after,
}: Omit<DecisionFormsProps, 'open' | 'lead' | 'leading'> & {
  readonly decision: CaseDecision
  readonly first: boolean
}) {
  const t = await getTranslations('case-staff.decision')
  const move = moveOf(decision, state)
  const rule = ruleOf(move)
  const button = buttonOf(decision, state)
  const against = button.goes === 'against' ? 'danger' : 'primary'
  return (
    <FoldedAct
      group="act"
      mark={{ act: decision }}
      first={first}
      summary={t(`${decision}.tab`)}
      shortcut={button.key}
    >
      <OneDecision number={number} version={version} mark={{ act: decision }} summaryInside>
        <div className="act-fields stack">
          <OwnSummary mark={{ act: decision }} />
          {before}
          {restsOnProof(move) || rule.opensInReview ? <ErrorPlace name="evidence" /> : null}
          {asksForCheck(move) ? (
            <div className="checks">
              <Checklist claim={claim} move={move} seen={seen} keys />
              {after}
            </div>
          ) : (
            after
          )}
          {needs(move, 'assignee') ? <Colleagues colleagues={colleagues} /> : null}
          {button.asksForImei ? <ImeiFields named={named} /> : null}
          {button.asksWhichImei ? <ImeiOff imeis={claim.imeis} /> : null}
          {rule.text ? (
            <Reason move={move} warning={button.warning} readers={[language]} snippets={snippets} />
          ) : null}
          {button.noteRequired || button.handsOver ? (
            <TextArea
              name="note"
              label={t(button.handsOver ? 'hand_over' : 'note_label')}
              hint={t(button.handsOver ? 'hand_over_hint' : 'note_hint')}
              rows={2}
              optional={button.handsOver === true}
            />
          ) : null}
          {button.stepUp === null ? null : code}
        </div>
        <div className="act-buttons">
          {button.staysOpen ? null : (
            <>
              <SubmitButton name="next" value={decision} look={against} shortcut="Control+Enter">
                {next
                  ? t('next_at', { decision: t(`${decision}.tab`), ...next })
                  : t('next', { decision: t(`${decision}.tab`) })}
              </SubmitButton>
              <SubmitButton name="decision" value={decision} look="plain" size="small">
                <span className="sr-only">{t(`${decision}.button`)},</span> {t('stay')}
              </SubmitButton>
            </>
          )}
          <p className="text-soft">{t(`${decision}.does`)}</p>
          {button.staysOpen ? (
            <SubmitButton name="decision" value={decision} look={against} shortcut="Control+Enter">
              {t(`${decision}.button`)}
            </SubmitButton>
          ) : null}
        </div>
      </OneDecision>
    </FoldedAct>
  )
}

/** Renders the choice of the number to remove, among those that are not blocked. */
async function ImeiOff({ imeis }: Pick<Claim, 'imeis'>) {
  const t = await getTranslations('case-staff.decision.drop_imei')
  const options = imeis
    .filter(({ isPublic }) => !isPublic)
    .map(({ imei }) => ({ value: imei, label: t('imei', { imei: formatImei(imei) }) }))
  return <Radios name="imeiOff" label={t('which')} options={options} />
}

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
