import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { places, policeAreas, policeUnits } from '#features/areas/data.ts'
import { answeringUnit } from '#features/areas/rules.ts'
import { CaseAsCitizen } from '#features/cases/citizen/case-as-citizen.tsx'
import { nameOfArea } from '#features/cases/citizen/offices.tsx'
import { writeContact } from '#features/cases/contacts/rules.ts'
import { caseStanding, ownLines } from '#features/cases/standing/rules.ts'
import { nextEntries, pastEntries } from '#features/cases/timeline/rules.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { citySettings, holidays } from '#features/lookup-tables/data.ts'
import {
  nextCaseStep,
  REHEARSAL_NUMBER,
  REHEARSAL_SECRET,
  type Rehearsal,
  rehearsedCase,
  rehearsedLines,
  rehearsedReport,
  type Stage,
  stageOf,
} from '#features/rehearsal/rules.ts'
import { reportContext } from '#features/reporting/drafts/page-data.ts'
import { ReceiptSlip } from '#features/reporting/receipt/receipt-slip.tsx'
import { CodeForm } from '#features/reporting/steps/code-form.tsx'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import { ContactFields } from '#features/reporting/steps/contact-fields.tsx'
import { ImeiHelp } from '#features/reporting/steps/imei-help.tsx'
import { IncidentFields } from '#features/reporting/steps/incident-fields.tsx'
import { shownIncident } from '#features/reporting/steps/incident-rules.ts'
import { IdentityFields } from '#features/reporting/steps/person-fields.tsx'
import { ReportSummary } from '#features/reporting/steps/report-summary.tsx'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { arePhonesRegistered } from '#http/phones.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Route } from '#messages/paths.ts'
import {
  beginRehearsalAction,
  endRehearsalAction,
  rehearseCodeAction,
  rehearseContactAction,
  rehearseIncidentAction,
  rehearsePersonAction,
  rehearsePhoneAction,
  rehearseReviewAction,
  rehearseStepAction,
} from './actions.ts'

interface StageProps {
  readonly rehearsal: Rehearsal
}

const routeOf = (step: Stage): Route => ({ pathname: '/rehearsal', query: { step } })

export function StagePage({ rehearsal, stage }: StageProps & { readonly stage: Stage }) {
  if (stage === 'case') return <CaseStage rehearsal={rehearsal} />
  const Form = FORMS[stage]
  return (
    <StepFrame
      step={stage}
      draft={null}
      before={<Mark />}
      after={<Leave />}
      wide={stage === 'review'}
      {...(stage === 'phone' && { aside: <ImeiHelp /> })}
    >
      <Form rehearsal={rehearsal} />
    </StepFrame>
  )
}

const FORMS: Readonly<Record<Exclude<Stage, 'case'>, (props: StageProps) => Promise<React.ReactNode>>> = {
  incident: IncidentForm,
  contact: ContactForm,
  code: CodeStage,
  phone: PhoneForm,
  person: PersonForm,
  review: ReviewForm,
}

async function Mark() {
  const t = await getTranslations('rehearsal')
  return (
    <div data-rehearsal>
      <Notice title={t('mark')}>
        <p>{t('markText')}</p>
      </Notice>
    </div>
  )
}

async function Leave() {
  const t = await getTranslations('rehearsal')
  return (
    <ActionForm action={endRehearsalAction} scope="end" className="">
      <SubmitButton look="quiet" size="small">
        {t('end')}
      </SubmitButton>
    </ActionForm>
  )
}

async function IncidentForm({ rehearsal: { answers } }: StageProps) {
  const t = await getTranslations('report.incident')
  return (
    <ActionForm action={rehearseIncidentAction} initial={{ ...shownIncident(answers, new Date()) }}>
      <StepHeading title={t('title')} />
      <IncidentFields areas={await policeAreas()} />
      <StepButtons back={false} />
    </ActionForm>
  )
}

async function ContactForm({ rehearsal: { answers } }: StageProps) {
  const [t, own] = await Promise.all([getTranslations('report.contact'), getTranslations('rehearsal')])
  const phones = reachesPhones()
  return (
    <ActionForm action={rehearseContactAction} initial={{ ...answers }}>
      <StepHeading title={t('title')}>
        <p>{t(phones ? 'lead' : 'leadMail')}</p>
        <p>{own('contactHint')}</p>
      </StepHeading>
      <ContactFields phoneHint={t('contactPhoneHint')} phones={phones} />
      <StepButtons />
    </ActionForm>
  )
}

async function CodeStage({ rehearsal }: StageProps) {
  const [t, report] = await Promise.all([getTranslations('rehearsal'), reported(rehearsal)])
  const contact = report.contact?.contact ?? null
  return (
    <div className="stack-l">
      <Card className="stack" data-rehearsal-message>
        <h2 className="text-lg">{t('message', { contact: contact ? writeContact(contact) : '' })}</h2>
        <p>{t('messageText', { code: rehearsal.code })}</p>
      </Card>
      <CodeForm
        action={rehearseCodeAction}
        contact={contact}
        sent
        notArrived={false}
        phones={reachesPhones()}
        change={routeOf('contact')}
      />
    </div>
  )
}

async function PhoneForm({ rehearsal: { answers } }: StageProps) {
  const [t, own] = await Promise.all([getTranslations('report.phone'), getTranslations('rehearsal')])
  return (
    <ActionForm action={rehearsePhoneAction} initial={{ ...answers }}>
      <StepHeading title={t('title')}>
        <p>{own('phoneHint')}</p>
      </StepHeading>
      <Field
        name="imei1"
        label={t('imei1')}
        inputMode="numeric"
        look="number"
        width="medium"
        after={<ImeiTyping name="imei1" />}
      />
      <StepButtons />
    </ActionForm>
  )
}

async function PersonForm({ rehearsal: { answers } }: StageProps) {
  const [t, own] = await Promise.all([getTranslations('report.person'), getTranslations('rehearsal')])
  return (
    <ActionForm action={rehearsePersonAction} initial={{ ...answers }}>
      <StepHeading title={t('title')}>
        <p>{own('personHint')}</p>
      </StepHeading>
      <IdentityFields />
      <StepButtons />
    </ActionForm>
  )
}

async function ReviewForm({ rehearsal }: StageProps) {
  const [t, report, areas] = await Promise.all([
    getTranslations('report'),
    reported(rehearsal),
    policeAreas(),
  ])
  const area = areas.find(({ id }) => id === report.incident?.district) ?? null
  return (
    <ActionForm action={rehearseReviewAction}>
      <StepHeading title={t('review.title')} />
      <ReportSummary
        draft={{ report, device: null, evidence: 1, unconfirmed: [] }}
        area={area}
        change={(step) => routeOf(stageOf(step))}
      />
      {CONSENTS.filter(({ required }) => required).map(({ field }) => (
        <Checkbox key={field} name={field} label={t(`review.${field}`)} />
      ))}
      <p className="actions">
        <SubmitButton name="step" value="send">
          {t('review.send')}
        </SubmitButton>
        <SubmitButton name="step" value="back" look="quiet">
          {t('back')}
        </SubmitButton>
      </p>
    </ActionForm>
  )
}

const reported = async (rehearsal: Rehearsal) => rehearsedReport(rehearsal, await reportContext(new Date()))

async function CaseStage({ rehearsal }: StageProps) {
  const now = new Date()
  const [t, words, locale, report, days, units, { map }, carriers] = await Promise.all([
    getTranslations('rehearsal'),
    getTranslations('common.unit'),
    getLocale(),
    reported(rehearsal),
    holidays(),
    policeUnits(),
    places(),
    carrierNames(),
  ])
  const areaId = report.incident?.district ?? ''
  const unitId = answeringUnit(map, { areaId, unitId: null, place: '' })
  const about = { areaId, unitId, incidentType: report.incident?.incidentType ?? 'lost' }
  const { snapshot, events } = rehearsedCase(rehearsal, about, days)
  const standing = caseStanding(snapshot, { now, holidays: days })
  const next = nextCaseStep(rehearsal)
  return (
    <div className="stack-l">
      <Mark />
      {rehearsal.steps.length > 1 ? null : (
        <ReceiptSlip
          of="case"
          number={REHEARSAL_NUMBER}
          secret={REHEARSAL_SECRET}
          labels={{ number: t('number'), secret: t('secret') }}
        />
      )}
      <Card className="stack" data-rehearsal-next={next?.name ?? 'none'}>
        <h2>{t(next === null ? 'over.title' : `next.${next.name}.title`)}</h2>
        <p>{t(next === null ? 'over.text' : `next.${next.name}.text`)}</p>
        {next === null ? (
          <div className="actions">
            {arePhonesRegistered() ? <ButtonLink href="/my-phones">{t('over.register')}</ButtonLink> : null}
            <ActionForm action={beginRehearsalAction} scope="again" className="">
              <SubmitButton look="quiet">{t('over.again')}</SubmitButton>
            </ActionForm>
          </div>
        ) : (
          <ActionForm action={rehearseStepAction} scope="next" className="">
            <HiddenField name="taken" value={String(rehearsal.steps.length)} />
            <SubmitButton>{t('press')}</SubmitButton>
          </ActionForm>
        )}
      </Card>
      <CaseAsCitizen
        onlyShown
        snapshot={snapshot}
        standing={standing}
        past={pastEntries(snapshot, events)}
        next={nextEntries(snapshot, standing.chapter, { now, holidays: days })}
        boxes={[]}
        carriers={ownLines(snapshot, rehearsedLines(rehearsal, carriers))}
        exempt={{ block: [], unblock: [] }}
        found={[]}
        handedOver={false}
        units={units}
        authority={t('authority')}
        earlier={null}
        anew={null}
        phone={{ brand: t('device'), model: '', colour: '', imeis: [rehearsal.imei], waiting: [] }}
        unit={{
          unit: { name: words('police', { area: nameOfArea(units.get(unitId), locale) }) },
          hotline: citySettings().hotline,
        }}
        files={new Map()}
        own={null}
        below={null}
        above={null}
        beside={null}
        lookup="given"
        mayWatch={false}
        dataActs={[]}
        refused={null}
        done={null}
        asked={[]}
        phones={[]}
        readElsewhere={null}
        missing={[]}
        objection={{ hearingUntil: null, answeredAt: null }}
        remindedAt={null}
        now={now}
      />
      <Details summary={t('leave')}>
        <p>{t('leaveText')}</p>
        <Leave />
      </Details>
    </div>
  )
}
