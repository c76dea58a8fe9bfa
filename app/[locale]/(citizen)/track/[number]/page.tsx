import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { sharedWith } from '#features/alerts/consents/data.ts'
import { SharingCard } from '#features/alerts/consents/sharing.tsx'
import { openReceivers } from '#features/alerts/receivers/data.ts'
import { unitContact } from '#features/areas/data.ts'
import { readSubmission } from '#features/audit/proofs/data.ts'
import { CaseAsCitizen } from '#features/cases/citizen/case-as-citizen.tsx'
import {
  caseForCitizen,
  findNumberAnew,
  readContactsForCitizen,
  readFactsOfPhone,
  readLookupConsent,
} from '#features/cases/citizen/data.ts'
import { ErasedCase } from '#features/cases/citizen/erased-case.tsx'
import { nameOfArea } from '#features/cases/citizen/offices.tsx'
import { OwnRows } from '#features/cases/citizen/own-rows.tsx'
import { PoliceChannel } from '#features/cases/citizen/police-channel.tsx'
import { type CitizenAct, dataActsOpen, daysTold } from '#features/cases/citizen/rules.ts'
import { readReporterHearing } from '#features/cases/conflict/data.ts'
import { ContactsRow, ContactWaits } from '#features/cases/contacts/contacts-row.tsx'
import { type ContactAct, isContactAct } from '#features/cases/contacts/rules.ts'
import { DataRequests, DataRows } from '#features/cases/data-requests/data-rows.tsx'
import { listWaitingPhones, wasHandedOver } from '#features/cases/found/page-data.ts'
import { listReleasedPhones, readPhones } from '#features/cases/imeis/data.ts'
import { decisionsIn } from '#features/cases/letters/rules.ts'
import type { CaseNumber } from '#features/cases/numbers/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { ACTIVE_STATES } from '#features/cases/record/state-rules.ts'
import { lastBoxes } from '#features/cases/remedies/last-box-rules.ts'
import { caseStanding, ownLines } from '#features/cases/standing/rules.ts'
import { nextEntries, pastEntries } from '#features/cases/timeline/rules.ts'
import { findListing } from '#features/citizens/data.ts'
import { ListingRow } from '#features/citizens/listings.tsx'
import { whoLooked } from '#features/disclosures/openings/data.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { filesByEvent } from '#features/evidence/files/rules.ts'
import { readProofReading } from '#features/evidence/readings/data.ts'
import type { ProofReading } from '#features/evidence/readings/rules.ts'
import { carrierStates, exemptCarriers } from '#features/exchange/case-orders/data.ts'
import { listQuestions } from '#features/exchange/questions/data.ts'
import { sightingTimes } from '#features/exchange/sightings/data.ts'
import { wasBlocked } from '#features/exchange/sightings/rules.ts'
import { SeenByCitizen } from '#features/exchange/sightings/seen.tsx'
import { securedBy } from '#features/first-hour/rules.ts'
import { Secured } from '#features/first-hour/secured.tsx'
import { latenessOf } from '#features/lateness/data.ts'
import { LateCard } from '#features/lateness/late-card.tsx'
import { lateNow, owedOnCase } from '#features/lateness/rules.ts'
import { bankHotlines, citySettings, lawsInForce } from '#features/lookup-tables/data.ts'
import { FalseFind } from '#features/notices/message-codes/false-find.tsx'
import { dataStanding, retention } from '#features/privacy/data.ts'
import type { DataRequestItem } from '#features/privacy/requests/rules.ts'
import { DevicesCard } from '#features/push/devices-card.tsx'
import { isRecoveryOn, recoveryOf } from '#features/recovery/data.ts'
import { RecoveryCard } from '#features/recovery/recovery-card.tsx'
import { receiptOf } from '#features/reporting/drafts/page-data.ts'
import { OPTIONAL_PURPOSES } from '#features/reporting/steps/consents-rules.ts'
import { type CitizenCase, citizenCase, takeCaseFlash, withinCase } from '#http/citizen.ts'
import { receiptCookies } from '#http/draft.ts'
import { currentCitizen, signInName } from '#http/identity.ts'
import { devicesHere } from '#http/own-device.ts'
import { resuming } from '#http/resume.ts'
import { hasMessageCodes, reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import type { ActFlash, RefusedFlash } from '#lib/flash.ts'
import { displayName } from '#lib/imei/device.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { translateUntrustedKey } from '#messages/sentence.ts'
import {
  chooseDeviceAction,
  complainLateAction,
  confirmContactAction,
  dropContactAction,
  giveSharingAction,
  keepContactsAction,
  newContactAction,
  stopDevicesAction,
  takeOffAction,
  withdrawSharingAction,
} from './actions.ts'

export const access = 'holder of a case’s cookie' satisfies Access

export async function generateMetadata({ params }: PageProps<'/[locale]/track/[number]'>): Promise<Metadata> {
  const [t, { number }] = await Promise.all([getTranslations('case.page'), params])
  return {
    title: t('metaTitle', { number: decodeURIComponent(number) }),
    robots: { index: false, follow: false },
  }
}

export default async function CasePage({ params }: PageProps<'/[locale]/track/[number]'>) {
  const now = new Date()
  const number = decodeURIComponent((await params).number)
  const visit = await citizenCase(now)
  const page = visit?.number === number ? await withinCase(visit, () => drawCase(visit, now)) : null
  // An unknown case, no session and a session for another case must look the same from outside.
  return page ?? redirect(pathFor(await getLocale(), { pathname: '/track', query: { number } }))
}

async function drawCase(visit: CitizenCase, now: Instant) {
  const { number } = visit
  const locale = await getLocale()
  const view = await caseForCitizen(visit.scope, visit.caseId)
  if (!view) return null
  if (view.snapshot.erasedAt !== null)
    return <ErasedCase snapshot={view.snapshot} backupDays={retention().backupDays} />
  const claimed = view.phone?.imeis.map((imei) => imei.slice(0, 14)) ?? []
  const [carriers, exempt, found, handedOver, asked, looked, evidence, receipt, proved, left, data, reading] =
    await Promise.all([
      carrierStates(visit.scope, visit.caseId),
      exemptCarriers(visit.scope, visit.caseId),
      listWaitingPhones(visit.scope, view.snapshot),
      wasHandedOver(visit.scope, visit.caseId),
      visit.access === 'full' ? listQuestions(visit.scope, visit.caseId) : [],
      visit.access === 'full' ? whoLooked(visit.scope, visit.caseId) : null,
      visit.access === 'full' ? listEvidence(visit.scope, visit.caseId) : [],
      receiptCookies().then((keys) => receiptOf(view.snapshot.number as CaseNumber, keys, now)),
      visit.access === 'full' ? readSubmission(visit.caseId) : null,
      visit.hasFlash ? takeCaseFlash<ActFlash<CitizenAct | ContactAct>>() : null,
      visit.access === 'full' ? dataStanding(view.snapshot) : null,
      readProofReading(visit.scope, visit.caseId, claimed),
    ])
  const [contacts, adding] = await Promise.all([
    readContactsForCitizen(visit.scope, visit.caseId, now),
    resuming('contact', now),
  ])
  const time = { now, holidays: view.holidays }
  const { clocks, ...standing } = caseStanding(view.snapshot, time)
  const lateness = await latenessOf(visit.scope, visit.caseId)
  const owed = [...owedOnCase(view.snapshot, view.holidays, now), ...owedOfData(data?.requests ?? [])]
  const late = lateNow(lateness, owed, now)
  const next = nextEntries(view.snapshot, standing.chapter, time)
  const told = daysTold(visit.access, view.snapshot, isRecoveryOn(), { clocks, next, lateness })
  const [words, banks] = await Promise.all([getTranslations('common.unit'), bankHotlines()])
  const settings = citySettings()
  const isOpen = ACTIVE_STATES.includes(view.snapshot.state)
  const [shared, receivers, seen] =
    visit.access === 'full'
      ? await Promise.all([
          sharedWith(visit.scope, visit.caseId),
          isOpen ? openReceivers() : [],
          wasBlocked(view.snapshot) ? sightingTimes(visit.scope, visit.caseId) : [],
        ])
      : [[], [], []]
  const facts = await readFactsOfPhone(visit.scope, visit.caseId, view.phone)
  const contact = await unitContact(view.snapshot.unitId, locale)
  const areaName = nameOfArea(view.units.get(view.snapshot.unitId), locale)
  // A contact's form shows its own faults.
  const refusal = left && !left.done && !isContactAct(left.act) ? (left as RefusedFlash<CitizenAct>) : null
  const refused = refusal && { act: refusal.act, state: await refusedState(refusal) }
  const consent = data?.consents.some(
    ({ purpose, withdrawnAt }) => withdrawnAt === null && OPTIONAL_PURPOSES.some((one) => one === purpose),
  )
  const dataFacts = data && { requests: data.requests, kept: data.kept, consent: consent === true }
  return (
    <CaseAsCitizen
      {...view}
      earlier={view.earlier?.number ?? null}
      anew={
        ACTIVE_STATES.includes(view.snapshot.state)
          ? null
          : await findNumberAnew(visit.scope, visit.caseId, now)
      }
      standing={{ ...standing, clocks: told.clocks }}
      past={pastEntries(view.snapshot, view.events)}
      next={told.next}
      boxes={lastBoxes(view.snapshot, view.events, lawsInForce().remedies, now)}
      carriers={ownLines(view.snapshot, carriers)}
      exempt={exempt}
      found={found}
      handedOver={handedOver}
      asked={asked}
      phones={
        view.snapshot.imeiUnknown
          ? [...(await phonesOnProof(reading)), ...(await listReleasedPhones(asked))]
          : await phonesOnProof(reading)
      }
      readElsewhere={await readElsewhere(view.snapshot, reading)}
      missing={facts.missing}
      files={filesByEvent(evidence)}
      unit={{
        unit: { name: words('police', { area: areaName }), ...contact },
        hotline: settings.hotline,
      }}
      own={
        <>
          {visit.access === 'full' && contacts ? (
            <ContactsRow
              number={number}
              contacts={contacts}
              asked={adding?.caseId === visit.caseId ? adding.contact : null}
              phones={reachesPhones()}
              ask={newContactAction}
              confirm={confirmContactAction}
              drop={dropContactAction}
            />
          ) : null}
          <OwnRows
            number={number}
            full={visit.access === 'full'}
            receipt={receipt !== null}
            decision={decisionsIn(view.events, [])[0]?.event.seq ?? null}
            proved={proved?.sealed === true}
            evidence={evidence}
            filesDeletedAt={view.filesDeletedAt}
            looked={looked}
            units={view.units}
            subscriberBasis={settings.subscriberBasis}
            banks={banks}
            carrier={facts.carrier}
            channel={
              view.phone && (
                <PoliceChannel
                  snapshot={view.snapshot}
                  incidentAt={view.incidentAt}
                  area={nameOfArea(view.units.get(view.snapshot.unitId), 'vi')}
                  phone={view.phone}
                />
              )
            }
          />
          {dataFacts && (
            <DataRows
              {...dataFacts}
              number={number}
              version={view.snapshot.version}
              retention={retention()}
              refused={refused}
            />
          )}
          {visit.access === 'full' ? <InList visit={visit} /> : null}
        </>
      }
      below={dataFacts && <DataRequests {...dataFacts} now={now} />}
      dataActs={dataFacts ? dataActsOpen(dataFacts) : []}
      refused={refused}
      done={left?.done ? await doneWords(left.act, view.snapshot) : null}
      above={
        <>
          {contacts ? <ContactWaits number={number} contacts={contacts} action={keepContactsAction} /> : null}
          <LateCard
            number={number}
            all={told.lateness}
            late={late}
            unit={words('police', { area: areaName })}
            action={complainLateAction}
            now={now}
          />
        </>
      }
      beside={
        <>
          {facts.sentBy === null ? null : (
            <p data-sent-by>
              {(await getTranslations('phones.trusted'))('sentCase', {
                name: facts.sentBy,
                at: formatInstant(locale, view.snapshot.submittedAt, 'moment'),
              })}
            </p>
          )}
          {contacts ? <Secured secured={securedBy(contacts.secured, shared)} /> : null}
          <RecoveryCard
            recovery={visit.access === 'full' ? await recoveryOf(visit.scope, view.snapshot, now) : null}
            watchUntil={view.snapshot.watchUntil}
          />
          <SeenByCitizen times={seen} />
          <div className="grid empty:hidden has-[section]:gap-4">
            <SharingCard
              number={number}
              shared={shared}
              open={receivers}
              phoneNumber={facts.number}
              active={isOpen}
              give={giveSharingAction}
              withdraw={withdrawSharingAction}
            />
            <DevicesCard
              {...(await devicesHere(visit.scope, visit.access === 'full' && isOpen))}
              number={number}
              choose={chooseDeviceAction}
              stop={stopDevicesAction}
              now={now}
            />
          </div>
          {hasMessageCodes() && ACTIVE_STATES.includes(view.snapshot.state) ? <FalseFind /> : null}
        </>
      }
      remindedAt={late.find(({ unitAt }) => unitAt !== null)?.unitAt ?? null}
      mayWatch={isRecoveryOn()}
      lookup={view.snapshot.imeiUnknown ? await readLookupConsent(visit.scope, visit.caseId) : 'given'}
      objection={await readReporterHearing(view.snapshot)}
      now={now}
    />
  )
}

const owedOfData = (requests: readonly DataRequestItem[]) =>
  requests.filter(({ state }) => state === 'open').map(({ kind, dueAt }) => ({ kind, dueAt }))

/** Returns the phones that the machine read on the person's own evidence and that the report does not name. */
async function phonesOnProof(reading: ProofReading) {
  const read = await readPhones(reading)
  return read.map(({ choice, imei, device }) => ({
    choice,
    carrierName: null,
    name: device && displayName(device.manufacturer, device.model),
    ending: imei.slice(-4),
  }))
}

/** Returns the hint about another IMEI on the person's evidence; null once the case is over. */
async function readElsewhere(c: CaseSnapshot, reading: ProofReading) {
  if (c.imeiUnknown || !ACTIVE_STATES.includes(c.state) || reading.others.length === 0) return null
  const beside = reading.hint === 'agrees' || reading.hint === 'both'
  return { phones: await phonesOnProof(reading), beside }
}

async function InList({ visit }: { readonly visit: CitizenCase }) {
  if (signInName() === null) return null
  const citizen = await currentCitizen()
  const listing = await findListing(visit.scope, visit.caseId, citizen?.scope ?? null)
  if (listing === null && citizen === null) return null
  return <ListingRow number={visit.number} listing={listing} takeOff={takeOffAction} />
}

async function doneWords(act: CitizenAct | ContactAct, { watchUntil }: CaseSnapshot): Promise<string> {
  const t = await getTranslations('case')
  if (watchUntil !== null && act === 'request_unblock') return t('act.end_watch.done')
  if (watchUntil !== null && act === 'undo_unblock') return t('act.undo_end_watch.done')
  return isContactAct(act) ? t(`contacts.done.${act}`) : t(`act.${act}.done`)
}

async function refusedState({ values, faults }: RefusedFlash<CitizenAct>) {
  const t = await getTranslations('faults')
  const say = (key: string) => translateUntrustedKey(t, key) ?? t('general.invalid')
  const { form, ...fields } = faults
  const errors = Object.fromEntries(Object.entries(fields).map(([field, key]) => [field, say(key)]))
  return { values, errors, ...(form && { notice: say(form) }) }
}
