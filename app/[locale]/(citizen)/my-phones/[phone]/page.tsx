import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { maskContact, writeContact } from '#features/cases/contacts/rules.ts'
import { EvidenceFields } from '#features/evidence/files/evidence-fields.tsx'
import { EvidenceList } from '#features/evidence/files/evidence-list.tsx'
import { faultWords } from '#features/evidence/files/fault-words.tsx'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { type EvidenceFault, evidenceFault } from '#features/evidence/files/rules.ts'
import { certificatesOf } from '#features/phones/certificates/data.ts'
import { papersOf, waitingHandover } from '#features/phones/handovers/data.ts'
import { findRegistrant } from '#features/phones/registrants/data.ts'
import { type PhoneView, phoneOf } from '#features/phones/registrations/data.ts'
import { PhoneFacts, phoneState, ReportForm, StillYours } from '#features/phones/registrations/phone-card.tsx'
import { SentForNotice } from '#features/phones/trusted/sent-for.tsx'
import { ImeiPhoto } from '#features/reporting/photo/imei-photo.tsx'
import { IdentityFields } from '#features/reporting/steps/person-fields.tsx'
import { arePhonesRegistered, openedPhones } from '#http/phones.ts'
import type { Access } from '#lib/access/access.ts'
import { citizenScope, type PhonesScope } from '#lib/access/scope.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { sayPhone } from '#lib/person/masking.ts'
import type { Instant } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import {
  askCarrierAction,
  certifyAction,
  contestReportAction,
  handOverAction,
  keepPhoneAction,
  refuseBuyerAction,
  registerPhoneAction,
  removePaperAction,
  removePhoneAction,
  reportPhoneAction,
  undoReportAction,
} from '../actions.ts'

export const access = 'holder of a list of phones’ cookie' satisfies Access

const DONE = ['registered', 'changed', 'asked', 'contested', 'handed', 'refused'] as const

export const generateMetadata = titled('phones', 'title', { robots: { index: false } })

export default async function PhonePage({ params, searchParams }: PageProps<'/[locale]/my-phones/[phone]'>) {
  const locale = await getLocale()
  const now = new Date()
  const [{ phone: id }, query, scope] = await Promise.all([params, searchParams, openedPhones(now)])
  if (!arePhonesRegistered()) redirect(missingPath(locale))
  if (scope === null) redirect(pathFor(locale, { pathname: '/my-phones', query: { done: 'ended' } }))
  const phone = isUuid(id) ? await phoneOf(scope, id) : null
  if (phone === null) redirect(missingPath(locale))
  const t = await getTranslations('phones')
  const said = DONE.find((one) => one === query.done)
  const fault = evidenceFault(query.error)
  return (
    <div className="stack-l">
      <p>
        <Link href="/my-phones">{t('title')}</Link>
      </p>
      {said === undefined ? null : (
        <div role="status">
          <Notice tone="ok" title={t(`done.${said}`)} />
        </div>
      )}
      {phone.state === 'begun' ? (
        <div className="max-w-measure">
          <PhoneForm scope={scope} phone={phone} />
        </div>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-10 lg:grid-cols-2">
          <div className="stack-l">
            <Card data-phone={phone.id} data-phone-state={phoneState(phone)}>
              <PhoneFacts phone={phone} level="h1" />
              {phone.state === 'registered' ? <ReportForm phone={phone} report={reportPhoneAction} /> : null}
            </Card>
            <SentForNotice phone={phone} now={now} undo={undoReportAction} />
            <StillYours phone={phone} now={now} keep={keepPhoneAction} remove={removePhoneAction} />
            <Warning phone={phone} />
            <Papers scope={scope} phone={phone} />
            {phone.state === 'registered' ? <Selling phone={phone} now={now} /> : null}
          </div>
          <div className="stack-l">
            {phone.state === 'registered' ? <Carrier scope={scope} phone={phone} /> : null}
            {phone.state === 'registered' ? <Proof phone={phone} fault={fault} /> : null}
            {phone.state === 'registered' ? (
              <Details summary={t('form.edit')}>
                <PhoneForm scope={scope} phone={phone} />
              </Details>
            ) : null}
            <Details summary={t('remove.title')}>
              <p>{t('remove.text')}</p>
              <ActionForm action={removePhoneAction} scope="remove" className="">
                <HiddenField name="phone" value={phone.id} />
                <SubmitButton look="danger" size="small">
                  {t('remove.do')}
                </SubmitButton>
              </ActionForm>
            </Details>
          </div>
        </div>
      )}
    </div>
  )
}

/** Asks for the phone, by photo first, as a report does. The personal data may be given now or when the phone is lost. */
async function PhoneForm({ scope, phone }: { readonly scope: PhonesScope; readonly phone: PhoneView }) {
  const [t, report, registrant] = await Promise.all([
    getTranslations('phones.form'),
    getTranslations('report.phone'),
    findRegistrant(scope.registrantId),
  ])
  const isNew = phone.state === 'begun'
  const { content } = phone
  const imei = { inputMode: 'numeric', look: 'number', width: 'medium' } as const
  const own = registrant?.contacts.find(({ kind }) => kind === 'phone')
  const number = content.msisdn ?? (isNew ? own?.value : undefined)
  const initial = {
    ...Object.fromEntries(content.imeis.map((one, at) => [`imei${at + 1}`, formatImei(one)])),
    ...(number !== undefined && { phoneNumber1: writeContact({ kind: 'phone', value: number }) }),
    ...{ phoneName: content.name, colour: content.colour, bought: content.bought },
  }
  return (
    <ActionForm action={registerPhoneAction} initial={initial} scope={isNew ? '' : 'edit'}>
      <HiddenField name="phone" value={phone.id} />
      {isNew ? (
        <div className="stack">
          <h1>{t('title')}</h1>
          <p className="text-soft">{t('lead')}</p>
        </div>
      ) : (
        <HiddenField name="known" value="yes" />
      )}
      <ImeiPhoto action={`/api/my-phones/${phone.id}/evidence`} />
      <Field name="imei1" label={report('imei1')} {...imei} after={<ImeiTyping name="imei1" />} />
      <FoldedFields summary={report('more')} names={['imei2', 'imei3', 'imei4']}>
        <Field name="imei2" label={report('imei2')} {...imei} after={<ImeiTyping name="imei2" />} optional />
        <Field name="imei3" label={report('imei3')} {...imei} after={<ImeiTyping name="imei3" />} optional />
        <Field name="imei4" label={report('imei4')} {...imei} after={<ImeiTyping name="imei4" />} optional />
      </FoldedFields>
      <Field
        name="phoneNumber1"
        label={t('phoneNumber1')}
        hint={t('phoneNumberHint')}
        type="tel"
        inputMode="tel"
        width="medium"
        optional
      />
      <Field name="phoneName" label={t('name')} hint={t('nameHint')} optional />
      <Field name="colour" label={t('colour')} width="medium" optional />
      <Field name="bought" label={t('bought')} optional />
      <FoldedFields summary={t('personTitle')} names={['fullName', 'idKind', 'nationalId']}>
        <p className="text-sm text-soft">
          {registrant?.person ? t('personKept', { name: registrant.person.fullName }) : t('personText')}
        </p>
        <IdentityFields />
      </FoldedFields>
      {isNew ? (
        <>
          <Checkbox
            name="consentRegistration"
            label={t('consentRegistration')}
            hint={t('consentRegistrationHint')}
          />
          <Checkbox name="consentSimCheck" label={t('consentSimCheck')} hint={t('consentSimCheckHint')} />
        </>
      ) : null}
      <p className="actions">
        <SubmitButton>{t(isNew ? 'send' : 'save')}</SubmitButton>
      </p>
    </ActionForm>
  )
}

/** Warns that another person has reported the phone, and asks its registrant for a reply. */
async function Warning({ phone: { id, warning } }: { readonly phone: PhoneView }) {
  if (warning === null) return null
  const [t, locale] = await Promise.all([getTranslations('phones.warning'), getLocale()])
  return (
    <section className="stack" data-phone-warning={warning.contestedAt === null ? 'open' : 'answered'}>
      <Notice tone="bad" title={t('title')}>
        <p>{t('text', { at: formatInstant(locale, warning.toldAt, 'moment') })}</p>
        <p>{t.rich('blocked', { link: (words) => <Link href="/blocked">{words}</Link> })}</p>
      </Notice>
      {warning.contestedAt === null ? (
        <ActionForm action={contestReportAction} scope="contest">
          <HiddenField name="phone" value={id} />
          <p>{t('ask')}</p>
          <TextArea name="message" label={t('words')} hint={t('wordsHint')} rows={3} optional />
          <SubmitButton>{t('send')}</SubmitButton>
        </ActionForm>
      ) : (
        <p>{t('told', { at: formatInstant(locale, warning.contestedAt, 'moment') })}</p>
      )}
    </section>
  )
}

/** Asks the carrier about the SIM, if codes of this list go to its number. */
async function Carrier({ scope, phone }: { readonly scope: PhonesScope; readonly phone: PhoneView }) {
  if (phone.confirmed !== null) return null
  const [t, form, registrant] = await Promise.all([
    getTranslations('phones.carrier'),
    getTranslations('phones.form'),
    findRegistrant(scope.registrantId),
  ])
  const { msisdn } = phone.content
  const own = msisdn !== null && registrant?.contacts.some(({ value }) => value === msisdn) === true
  const waits = phone.asked.some(({ open, answer }) => open && answer === null)
  return (
    <section className="stack" id="carrier">
      <h2>{t('title')}</h2>
      <p className="text-soft">{t('text')}</p>
      {!own ? (
        <p>{t('notYours')}</p>
      ) : waits ? null : (
        <ActionForm action={askCarrierAction} scope="carrier" className="stack">
          <HiddenField name="phone" value={phone.id} />
          <p className="num">{sayPhone(msisdn)}</p>
          <Checkbox
            name="consentSimCheck"
            label={form('consentSimCheck')}
            hint={form('consentSimCheckHint')}
          />
          <p>
            <SubmitButton look="quiet">{t('ask')}</SubmitButton>
          </p>
        </ActionForm>
      )}
    </section>
  )
}

async function Proof({ phone, fault }: { readonly phone: PhoneView; readonly fault: EvidenceFault | null }) {
  const [t, items] = await Promise.all([
    getTranslations('phones.proof'),
    listEvidence(citizenScope(phone.id, 'full'), phone.id),
  ])
  const error = await faultWords({ fault, faultyFile: null, items })
  return (
    <section className="stack" id="proof">
      <PostForm
        action={`/api/my-phones/${phone.id}/evidence`}
        encoding="multipart"
        scope="proof-form"
        state={{ values: {}, errors: error === null ? {} : { evidence: error } }}
        before={
          <>
            <h2>{t('title')}</h2>
            <p className="text-soft">{t('text')}</p>
            {items.length === 0 ? null : <EvidenceList items={items} remove={removePaperAction} />}
          </>
        }
      >
        <EvidenceFields optional stored={items.length} />
        <SubmitButton name="step" value="add" look="quiet">
          {t('add')}
        </SubmitButton>
      </PostForm>
    </section>
  )
}

async function Selling({ phone, now }: { readonly phone: PhoneView; readonly now: Instant }) {
  if (phone.report !== null) return null
  const [t, locale, certificates, waiting] = await Promise.all([
    getTranslations('phones.sell'),
    getLocale(),
    certificatesOf([phone.id], now),
    waitingHandover(phone.id),
  ])
  const certificate = certificates.get(phone.id)
  return (
    <section className="stack" id="sell">
      <h2>{t('title')}</h2>
      {waiting === null ? null : (
        <Notice
          title={t('waits', {
            contact: waiting.buyer === null ? '' : maskContact(waiting.buyer),
            at: formatInstant(locale, waiting.acceptedAt, 'moment'),
          })}
        >
          <p>{t('waitsText')}</p>
          <div className="actions">
            <ActionForm action={handOverAction} scope="hand-over" className="">
              <HiddenField name="phone" value={phone.id} />
              <SubmitButton>{t('confirm')}</SubmitButton>
            </ActionForm>
            <ActionForm action={refuseBuyerAction} scope="refuse" className="">
              <HiddenField name="phone" value={phone.id} />
              <SubmitButton look="quiet">{t('refuse')}</SubmitButton>
            </ActionForm>
          </div>
        </Notice>
      )}
      <p className="text-soft">{t('text')}</p>
      {certificate === undefined ? null : (
        <p>
          <ButtonLink
            href={{ pathname: '/certificate/[code]', params: { code: certificate.code } }}
            look="quiet"
          >
            {t('open')}
          </ButtonLink>
        </p>
      )}
      <ActionForm action={certifyAction} scope="certify" className="">
        <HiddenField name="phone" value={phone.id} />
        <SubmitButton look="quiet">{t('make')}</SubmitButton>
      </ActionForm>
    </section>
  )
}

/** Shows this side's papers of hand-overs. The seller can still report that the phone was lost. */
async function Papers({ scope, phone }: { readonly scope: PhonesScope; readonly phone: PhoneView }) {
  const [t, locale, papers] = await Promise.all([
    getTranslations('phones.paper'),
    getLocale(),
    papersOf(scope, phone.id),
  ])
  if (papers.length === 0) return null
  return (
    <section className="stack">
      {papers.map(({ number, at, side }) => (
        <Card key={number} data-handover={number} data-handover-side={side}>
          <h2>{t('title')}</h2>
          <SummaryList
            rows={[
              { key: 'number', term: t('number'), value: <span className="num">{number}</span> },
              { key: 'side', term: t('at'), value: formatInstant(locale, at, 'stamp') },
              { key: 'what', term: t(side), value: formatImei(phone.content.imeis[0] ?? '') },
              { key: 'other', term: t('other'), value: phone.content.otherSides?.[side] ?? '' },
            ]}
          />
          <p className="text-sm text-soft">{t('text')}</p>
          <p>
            <a
              className="button"
              data-look="quiet"
              data-size="small"
              href={`/api/my-phones/${phone.id}/paper?side=${side}&lang=${locale}`}
              rel="nofollow"
            >
              {t('pdf')}
            </a>
          </p>
        </Card>
      ))}
      {phone.state === 'handed_over' ? (
        <Details summary={t('lostBefore')}>
          <ReportForm phone={phone} report={reportPhoneAction} />
        </Details>
      ) : null}
    </section>
  )
}
