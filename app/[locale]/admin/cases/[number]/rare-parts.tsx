import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkboxes, Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import type { Choice, SharedWith } from '#features/alerts/consents/rules.ts'
import { openReceivers } from '#features/alerts/receivers/data.ts'
import { approvalFor, type ListedApproval } from '#features/approvals/data.ts'
import {
  DESK_ACTS,
  type DeskAct,
  dataActsOpen,
  isDataAct,
  isDeskAct,
  OPENED_ACTS,
} from '#features/cases/citizen/rules.ts'
import { DeskContact } from '#features/cases/contacts/desk-contact.tsx'
import { DataRequestCard, LegalHoldForm } from '#features/cases/data-requests/data-request-form.tsx'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import { readServedLetters } from '#features/cases/letters/data.ts'
import { decisionsIn } from '#features/cases/letters/rules.ts'
import { movesOpenTo } from '#features/cases/moves/lifecycle-rules.ts'
import { askedByCitizen } from '#features/cases/moves/rules.ts'
import { SimQuestionForm, SimQuestions } from '#features/cases/questions/sim-question.tsx'
import { stateOf } from '#features/cases/record/state-rules.ts'
import { CarriersTable } from '#features/cases/standing/carriers-table.tsx'
import { type DataStanding, retention } from '#features/privacy/data.ts'
import { ASKABLE } from '#features/privacy/requests/correction-rules.ts'
import { erasureSubject, mayExtend } from '#features/privacy/requests/rules.ts'
import { OPTIONAL_PURPOSES } from '#features/reporting/steps/consents-rules.ts'
import { resuming } from '#http/resume.ts'
import { reachesPhones } from '#http/settings.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { FormAction } from '#lib/form-state.ts'
import { MAX_IMEIS } from '#lib/imei/imei.ts'
import { formatMobile, type Msisdn } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { askableLabels } from '#messages/said-correction.ts'
import { ApprovalCard } from '../../approvals/approval-card.tsx'
import { MayDecide } from '../../may-decide.tsx'
import { askCarrierAction, deskAction } from './actions.ts'
import { imported } from './case-header.tsx'
import { askContactAction, confirmContactAction } from './contact-actions.ts'
import { answerDataAction, legalHoldAction } from './data-actions.ts'

interface RarePartsProps {
  readonly staff: StaffActor
  readonly view: CaseFileView
  readonly data: DataStanding
  readonly hold: ListedApproval | null
  readonly shared: readonly SharedWith[]
  /** The case has a file that proves something. */
  readonly proven: boolean
  readonly now: Instant
}

/** Renders the parts that few decisions need, each folded; a part that needs the person now is open. */
export async function RareParts({ staff, view, data, hold, shared, proven, now }: RarePartsProps) {
  const [t, desk, sim, words] = await Promise.all([
    getTranslations('case-staff.page'),
    getTranslations('case-staff.at_desk'),
    getTranslations('case-sim'),
    getTranslations('case-data'),
  ])
  const dataAsked = data.requests.some(({ state }) => state === 'open')
  const { clock } = stateOf(view.snapshot.state)
  const withCarriers = clock === 'carriers_block' || clock === 'carriers_lift'
  const { phoneNumbers, contact } = view.particulars
  const unknown = view.snapshot.imeiUnknown
  const simPart = unknown || phoneNumbers.length > 0
  const { number, version, state } = view.snapshot
  const dataOpen: readonly DeskAct[] = dataActsOpen({
    requests: data.requests,
    kept: data.kept,
    consent: data.consents.some(
      ({ purpose, withdrawnAt }) => withdrawnAt === null && OPTIONAL_PURPOSES.some((one) => one === purpose),
    ),
  })
  const unblockAsked = askedByCitizen(view.events)
  const reportedAnew = view.sameContact.some(
    ({ id, active }) => active && view.sameImei.some((one) => one.id === id),
  )
  const told = shared.filter((one) => one.state !== 'withdrawn')
  const opened = view.openUntil !== null
  // Without a contact nobody is told, so the consent would have no effect.
  const banks =
    opened && contact !== null && phoneNumbers.length > 0
      ? (await openReceivers()).filter(({ id }) => !told.some((one) => one.receiverId === id))
      : []
  /** The conditions of single acts that the rules of moves do not know. */
  const conditions: Partial<Record<DeskAct, boolean>> = {
    allow_lookup: !data.consents.some(({ purpose }) => purpose === 'imei_of_number'),
    add_imei: proven && view.imeis.length < MAX_IMEIS,
    tell_banks: banks.length > 0,
    stop_banks: told.length > 0,
  }
  const atDesk = movesOpenTo(view.snapshot, staff, now, DESK_ACTS, { unblockAsked, reportedAnew })
    .filter(isDeskAct)
    .filter((act) => !isDataAct(act) || dataOpen.includes(act))
    .filter((act) => conditions[act] !== false && (opened || !OPENED_ACTS.includes(act)))
  const asked = await resuming('contact', now)
  return (
    <div className="folds print-hidden">
      {atDesk.length === 0 ? null : (
        // A person without a secret can answer the question only at the desk.
        <Details summary={desk('title')} look="row" open={state === 'info_requested' && imported(view)}>
          <MayDecide>
            <DeskActForm
              number={number}
              version={version}
              acts={atDesk}
              opened={opened}
              banks={banks}
              phoneNumbers={phoneNumbers}
              told={contact !== null}
              papers={movesOpenTo(view.snapshot, staff, now, ['add_document']).length > 0}
              action={deskAction}
            />
          </MayDecide>
        </Details>
      )}
      {movesOpenTo(view.snapshot, staff, now, ['add_contact']).length === 0 ? null : (
        <MayDecide>
          <DeskContact
            number={number}
            particulars={view.particulars}
            opened={opened}
            asked={asked?.caseId === view.snapshot.id ? asked.contact : null}
            phones={reachesPhones()}
            now={now}
            ask={askContactAction}
            confirm={confirmContactAction}
          />
        </MayDecide>
      )}
      <Letters view={view} />
      {view.carriers.length > 0 ? (
        <Details summary={t('carriers')} look="row" open={withCarriers}>
          <CarriersTable carriers={view.carriers} watched={view.snapshot.watchUntil !== null} now={now} />
        </Details>
      ) : null}
      {simPart ? (
        <Details
          summary={unknown ? sim('lookup.title') : sim('title')}
          look="row"
          open={unknown || view.questions.length > 0}
        >
          <SimCard view={view} action={askCarrierAction} now={now} />
        </Details>
      ) : null}
      {dataAsked || may(staff.role, 'case:hold_data') ? (
        <Details summary={words('title')} look="row" open={dataAsked || hold !== null}>
          <DataPart staff={staff} view={view} data={data} hold={hold} now={now} />
        </Details>
      ) : null}
    </div>
  )
}

async function DataPart({
  staff,
  view,
  data,
  hold,
  now,
}: Pick<RarePartsProps, 'staff' | 'view' | 'data' | 'hold' | 'now'>) {
  const { number, version } = view.snapshot
  const erasing = data.requests.find(({ kind, state }) => kind === 'erase' && state === 'open')
  const erasure = erasing ? await approvalFor(staff, erasureSubject(erasing.id), now) : null
  return (
    <>
      {data.requests
        .filter(({ state }) => state === 'open')
        .map((request) => (
          <DataRequestCard
            key={request.id}
            action={answerDataAction}
            number={number}
            version={version}
            request={request}
            message={view.events.find(({ seq }) => seq === request.eventSeq)?.words.message ?? null}
            correction={view.events.find(({ seq }) => seq === request.eventSeq)?.words.correction ?? null}
            kept={data.kept}
            proposed={
              request.kind === 'erase' && erasure ? <ApprovalCard staff={staff} request={erasure} /> : null
            }
            answers={may(staff.role, 'case:decide_data')}
            extensionDays={mayExtend(request, now) ? retention().extensionDays : null}
            now={now}
          />
        ))}
      {hold ? (
        <ApprovalCard staff={staff} request={hold} />
      ) : may(staff.role, 'case:hold_data') ? (
        <LegalHoldForm
          action={legalHoldAction}
          number={number}
          version={version}
          held={data.legalHold !== null}
        />
      ) : null}
    </>
  )
}

async function Letters({ view }: Pick<RarePartsProps, 'view'>) {
  const decisions = decisionsIn(view.events, await readServedLetters(view.scope, view.snapshot.id))
  if (decisions.length === 0) return null
  const [t, locale] = await Promise.all([getTranslations('decision-letter.page'), getLocale()])
  const { number, unheardSeq } = view.snapshot
  return (
    <Details summary={t('fold')} look="row" open={unheardSeq !== null}>
      <ul>
        {decisions.map(({ event: { seq, at }, kind, served }) => (
          <li key={seq} data-letter={seq} data-served={served?.outcome ?? 'no'}>
            <Link
              href={{ pathname: '/admin/cases/[number]/letters/[seq]', params: { number, seq: String(seq) } }}
            >
              {formatInstant(locale, at, 'moment')}: {t(`kind.${kind}`)}
            </Link>
            <span className="block text-sm text-soft">
              {served
                ? t(`served_${served.outcome}`, { at: formatInstant(locale, served.servedAt, 'moment') })
                : t('none')}
            </span>
          </li>
        ))}
      </ul>
    </Details>
  )
}

interface SimCardProps {
  readonly view: CaseFileView
  readonly action: FormAction
  readonly now: Instant
}

/** Shows the carriers' answers about the SIM (was it in this phone?), and the form to ask, if the reporter agreed. */
async function SimCard({ view, action, now }: SimCardProps) {
  const t = await getTranslations('case-sim')
  const { phoneNumbers } = view.particulars
  if (view.snapshot.imeiUnknown) return <LookupCard view={view} now={now} />
  const asks = view.mayAsk !== null && view.mayAsk.length > 0
  if (phoneNumbers.length === 0 || (!asks && view.mayAsk !== null && view.questions.length === 0)) return null
  return (
    <>
      {view.mayAsk === null ? <p className="text-soft">{t('no_consent')}</p> : null}
      {view.questions.length > 0 ? (
        <SimQuestions questions={view.questions} opened={view.openUntil !== null} now={now} />
      ) : null}
      {asks && view.mayAsk ? (
        <SimQuestionForm
          action={action}
          number={view.snapshot.number}
          phoneNumbers={phoneNumbers}
          hints={view.hints}
          imeis={view.imeis}
          carriers={view.mayAsk}
        />
      ) : null}
    </>
  )
}

/**
 * Shows the phones that the SIM was in, from carriers' answers. The question is asked without an officer, by the consent given
 * with the report.
 */
async function LookupCard({ view, now }: Pick<SimCardProps, 'view' | 'now'>) {
  const t = await getTranslations('case-sim.lookup')
  const { questions } = view
  const lookups = questions.filter(({ kind }) => kind === 'imei_of_number')
  const nobody = lookups.length > 0 && lookups.every(({ answer }) => answer === 'not_subscriber')
  return (
    <>
      <p className="text-soft">{t(view.mayLookUp ? 'text' : 'no_consent')}</p>
      {view.mayLookUp && lookups.length === 0 ? <p>{t('waits')}</p> : null}
      {nobody ? <p>{t('nobody')}</p> : null}
      {view.openUntil === null && questions.some(({ answer }) => answer === 'imeis') ? (
        <p>
          <a href="#open">{t('closed')}</a>
        </p>
      ) : null}
      {questions.length > 0 ? (
        <SimQuestions questions={questions} opened={view.openUntil !== null} now={now} />
      ) : null}
    </>
  )
}

interface DeskActFormProps {
  readonly number: string
  readonly version: number
  readonly acts: readonly DeskAct[]
  /** False until the reader has opened the case; before that some acts are not offered. */
  readonly opened: boolean
  readonly banks: readonly Choice[]
  readonly phoneNumbers: readonly string[]
  readonly told: boolean
  readonly papers: boolean
  readonly action: FormAction
}

async function DeskActForm({
  number,
  version,
  acts,
  opened,
  banks,
  phoneNumbers,
  told,
  papers,
  action,
}: DeskActFormProps) {
  const [t, consent, correction, label] = await Promise.all([
    getTranslations('case-staff.at_desk'),
    getTranslations('alerts.consent'),
    getTranslations('case.act.ask_correction'),
    getLocale().then(askableLabels),
  ])
  const [only] = acts
  return (
    <ActionForm action={action} scope="desk" className="stack">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <p className="text-sm text-soft">
        {t('text', { told: told ? 'yes' : 'no', papers: papers ? 'yes' : 'no' })}
      </p>
      {opened ? null : (
        <p className="text-sm text-soft" data-desk-unseen>
          {t('unseen')}
        </p>
      )}
      {acts.length === 1 && only !== undefined ? (
        <>
          <HiddenField name="deskAct" value={only} />
          <p className="font-semibold">{t(`act.${only}`)}</p>
        </>
      ) : (
        <Radios
          name="deskAct"
          label={t('what')}
          options={acts.map((act) => ({ value: act, label: t(`act.${act}`) }))}
        />
      )}
      {acts.includes('ask_correction') ? (
        <FoldedFields summary={t('correct')} names={['correctField', 'correctValue']}>
          <Select
            name="correctField"
            label={correction('field')}
            placeholder={correction('field_none')}
            options={ASKABLE.map((field) => ({ value: field, label: label(field) }))}
          />
          <TextArea
            name="correctValue"
            label={correction('value')}
            hint={correction('value_hint')}
            rows={2}
          />
        </FoldedFields>
      ) : null}
      {acts.includes('add_imei') ? (
        <FoldedFields summary={t('imei')} names={['imei1']}>
          <Field
            name="imei1"
            label={t('imei_label')}
            hint={t('imei_hint')}
            {...{ inputMode: 'numeric', look: 'number', width: 'medium' }}
            after={<ImeiTyping name="imei1" />}
            optional
          />
        </FoldedFields>
      ) : null}
      {acts.includes('tell_banks') ? (
        <FoldedFields summary={t('banks')} names={['share']}>
          <p className="text-sm">{t('banks_read')}</p>
          <blockquote className="text-sm">{consent('text')}</blockquote>
          <Checkboxes
            name="share"
            label={consent('share')}
            optional
            options={banks.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Select
            name="shareNumber"
            label={consent('number')}
            options={phoneNumbers.map((one, at) => ({
              value: String(at),
              label: formatMobile(one as Msisdn),
            }))}
          />
        </FoldedFields>
      ) : null}
      <TextArea name="message" label={t('said')} hint={t('said_hint')} rows={4} />
      <p className="actions">
        <SubmitButton look="quiet">{t('button')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
