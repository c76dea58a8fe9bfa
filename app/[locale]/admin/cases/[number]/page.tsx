import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { KeyBar } from '#components/layout/key-bar.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { sharedWith } from '#features/alerts/consents/data.ts'
import { SharingFlags } from '#features/alerts/consents/desk-lines.tsx'
import { approvalFor } from '#features/approvals/data.ts'
import { allUnits, knownAreas } from '#features/areas/data.ts'
import { UPHOLD_KEYS, UpholdForms } from '#features/cases/conflict/uphold-form.tsx'
import { LegalHoldNotice } from '#features/cases/data-requests/data-request-form.tsx'
import { listStillDeciding } from '#features/cases/deciders/data.ts'
import { BeforeTheLast, Stuck } from '#features/cases/deciders/deciders-notice.tsx'
import { DecisionForms, DecisionScope, TakeForm } from '#features/cases/decisions/decision-form.tsx'
import { buttonOf, type CaseDecision, decisionsOpenTo, moveOf } from '#features/cases/decisions/rules.ts'
import { DisclosureForm } from '#features/cases/disclosure/disclosure-form.tsx'
import { NotSeenBefore, OpeningsList, SeenBefore } from '#features/cases/disclosure/openings-list.tsx'
import { agreesWith, reasonAtHand } from '#features/cases/disclosure/rules.ts'
import { CaseFacts } from '#features/cases/file/case-facts.tsx'
import { CaseFlags } from '#features/cases/file/case-flags.tsx'
import { CaseHistory } from '#features/cases/file/case-history.tsx'
import { findErasedCase, readCaseFile } from '#features/cases/file/page-data.ts'
import { isLentTo } from '#features/cases/moves/lifecycle-rules.ts'
import { UNAPPROVED } from '#features/cases/moves/rules.ts'
import { claimOf } from '#features/cases/proof/checklist.tsx'
import { asksForCheck, restsOnProof } from '#features/cases/proof/rules.ts'
import { SimFlags } from '#features/cases/questions/sim-question.tsx'
import { heldFor } from '#features/cases/record/snapshot-rules.ts'
import { listSnippets } from '#features/cases/snippets/data.ts'
import { readDoneToday, readStreamAround, readStreamAt } from '#features/cases/stream/data.ts'
import { StreamPane } from '#features/cases/stream/stream-pane.tsx'
import { TakeBack } from '#features/cases/stream/take-back.tsx'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { filesByEvent } from '#features/evidence/files/rules.ts'
import { UnreadWarning } from '#features/evidence/readings/reading-note.tsx'
import { sightingsForPolice } from '#features/exchange/sightings/data.ts'
import { wasBlocked } from '#features/exchange/sightings/rules.ts'
import { SeenByPolice } from '#features/exchange/sightings/seen.tsx'
import { registrationsOn } from '#features/phones/registrations/data.ts'
import { RegistrationLines, SentByNotice } from '#features/phones/registrations/desk-lines.tsx'
import { dataStanding } from '#features/privacy/data.ts'
import { legalHoldSubject } from '#features/privacy/legal-holds/rules.ts'
import { noticesOfCase, recoveryOf } from '#features/recovery/data.ts'
import { RecoveryLines } from '#features/recovery/desk-lines.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff, type SignedInStaff, withinReach } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { formatInstant } from '#messages/dates.ts'
import { languageOf } from '#messages/ready-text.ts'
import { MayDecide } from '../../may-decide.tsx'
import { callHolderAction, noteLookAction } from '../../recovery/actions.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { allowAlertsAction, decideAction, discloseAction } from './actions.ts'
import { AddDocument } from './add-document.tsx'
import { CaseHeader, ErasedFile, imported } from './case-header.tsx'
import { Conflict, conflictOf, upholdSides } from './conflict.tsx'
import { DoneNotices } from './done-notices.tsx'
import {
  comparedWith,
  differingFilesOf,
  Evidence,
  phonesOnProof,
  readingOf,
  sameFilesOf,
} from './evidence.tsx'
import { FoundFlags, HandOver, ObjectionFlags, Unheard } from './flags.tsx'
import { RareParts } from './rare-parts.tsx'

export const access = 'case:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/cases/[number]'>): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations('case-staff')])
  return { title: t('page.title', { number: decodeURIComponent(number) }) }
}

export default async function CaseFilePage(props: PageProps<'/[locale]/admin/cases/[number]'>) {
  const staff = await requireStaff(access)
  return withinReach(staff, () => drawFile(staff, props))
}

async function drawFile(
  staff: SignedInStaff,
  { params, searchParams }: PageProps<'/[locale]/admin/cases/[number]'>,
) {
  const [{ number }, sent, locale, t, d] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('case-staff'),
    getTranslations('disclosure'),
  ])
  const now = new Date()
  const view = await readCaseFile(staff, decodeURIComponent(number), now)
  if (!view) {
    const erased = await findErasedCase(staff, decodeURIComponent(number))
    return erased ? <ErasedFile snapshot={erased} /> : notFoundPage(locale)
  }
  const { snapshot } = view
  const stream = await readStreamAt(staff, sent.in)
  const [data, hold, files, reading, around, today, snippets, shared] = await Promise.all([
    dataStanding(snapshot, view.scope),
    approvalFor(staff, legalHoldSubject(snapshot.id), now),
    listEvidence(view.scope, snapshot.id, view.openUntil !== null),
    readingOf(view.scope, snapshot.id, view),
    readStreamAround(staff, stream, snapshot, now),
    readDoneToday(staff, now),
    listSnippets(staff),
    sharedWith(view.scope, snapshot.id),
  ])
  const proofs = files.length
  const unblocked = view.imeis.some(({ isPublic }) => !isPublic)
  const possible = decisionsOpenTo(snapshot, staff, now, {
    ...view,
    imeisWaiting: unblocked,
    imeiStays: unblocked && view.imeis.length > 1 ? null : 'imei_last',
  })
  const recovery = await recoveryOf(view.scope, snapshot, now)
  const still = await listStillDeciding(
    staff,
    snapshot,
    [...(possible.main ? [possible.main] : []), ...possible.others],
    now,
  )
  // An act that another person should do, so that the case stays decidable, is left to that person.
  const isOffered = (one: CaseDecision) => !still.advice.get(one)?.leaveTo.length
  const open = {
    main: possible.main && isOffered(possible.main) ? possible.main : null,
    others: possible.others.filter(isOffered),
  }
  const said = (all: readonly { readonly id: string; readonly nameVi: string; readonly nameEn: string }[]) =>
    new Map(all.map((one) => [one.id, locale === 'en' ? one.nameEn : one.nameVi]))
  const [units, places] = [said(await allUnits()), said([...(await knownAreas()).values()])]
  const held = heldFor(snapshot)
  const settling =
    snapshot.held === 'conflict' && (may(staff.role, 'case:resolve_conflict') || isLentTo(snapshot, staff))
  // Each side of a conflict has its own form.
  const settlesConflict = (one: CaseDecision) => buttonOf(one).on === 'conflict'
  const others = open.others.filter((one) => !settlesConflict(one))
  const inForm = { ...open, others }
  const conflict = settling ? await conflictOf(staff, view, places, sent, now) : null
  // A side for which this person's decision would be refused has no button.
  const upholds =
    // No side can be upheld before all sides were heard.
    conflict === null || !view.heard
      ? []
      : upholdSides(conflict).filter(({ number: side }) => still.upholds.includes(side))
  const decides =
    open.main !== null || upholds.length > 0 || others.some((one) => buttonOf(one).always !== true)
  const unseen =
    !view.seenAll &&
    (upholds.length > 0 ||
      [open.main, ...others].some(
        (one) => one !== null && restsOnProof(moveOf(one, snapshot.state), snapshot),
      ))
  const reason = reasonAtHand(snapshot, staff, now)
  const takes = open.main === 'take'
  const disclosure =
    view.openUntil !== null && (view.seenAll || !unseen) ? (
      <p className="print-hidden text-soft" role="status" data-open-until={view.openUntil.toISOString()}>
        {d('open_until', { time: formatInstant(locale, view.openUntil, 'time') })}
      </p>
    ) : (
      <DisclosureForm
        action={discloseAction}
        number={snapshot.number}
        reason={reason}
        changed={view.openUntil !== null}
        besideTaking={takes}
      />
    )
  const first = agreesWith(snapshot, open.main)
  const evidence = (
    <Card>
      <h2 className="sr-only">{t('page.evidence')}</h2>
      {disclosure}
      {view.filesDeletedAt === null || proofs > 0 ? null : (
        <p data-files-deleted>
          {t('page.files_deleted', { date: formatInstant(locale, view.filesDeletedAt, 'date') })}
        </p>
      )}
      <Evidence
        scope={view.scope}
        caseId={snapshot.id}
        opened={view.openUntil !== null}
        reading={reading}
        claimed={view.imeis}
        query={sent}
      />
      <AddDocument
        staff={staff}
        snapshot={snapshot}
        now={now}
        unproven={proofs === 0}
        fault={typeof sent.error === 'string' ? sent.error : undefined}
      />
    </Card>
  )
  const flags = (
    <div className="stack">
      <Stuck still={still} />
      <LegalHoldNotice hold={data.legalHold} />
      <HandOver view={view} />
      {snapshot.withdrawEffectiveAt ? (
        <Notice>
          <p>
            {t('page.withdrawing', { time: formatInstant(locale, snapshot.withdrawEffectiveAt, 'moment') })}
          </p>
        </Notice>
      ) : null}
      <Unheard view={view} />
      <CaseFlags
        file={view}
        snapshot={snapshot}
        sameImei={view.sameImei}
        sameContact={view.sameContact}
        areas={units}
        sameFiles={await sameFilesOf(view)}
        differing={await differingFilesOf(view, reading)}
        settling={settling}
      />
      <SentByNotice by={view.particulars.sentBy} />
      <SimFlags questions={view.questions} now={now} />
      {wasBlocked(snapshot) ? (
        <SeenByPolice
          sightings={await sightingsForPolice(view.scope, snapshot.id, view.openUntil !== null)}
        />
      ) : null}
      <RecoveryLines
        number={snapshot.number}
        recovery={recovery}
        notices={recovery ? await noticesOfCase(view.scope, snapshot.id, view.openUntil !== null) : []}
        units={units}
        acts={
          may(staff.role, 'case:decide') && view.openUntil !== null
            ? { call: callHolderAction, look: noteLookAction }
            : null
        }
        now={now}
      />
      <SharingFlags
        number={snapshot.number}
        shared={shared}
        allow={may(staff.role, 'case:decide') && view.openUntil !== null ? allowAlertsAction : null}
        wroteDown={view.events.some(({ move, actorId }) => move === 'tell_banks' && actorId === staff.id)}
      />
      <RegistrationLines
        lines={await registrationsOn(view.scope, { id: snapshot.id, imeis: view.imeis })}
        submittedAt={snapshot.submittedAt}
        opened={view.openUntil !== null}
      />
      <FoundFlags scope={view.scope} caseId={snapshot.id} />
      <ObjectionFlags scope={view.scope} snapshot={snapshot} now={now} />
    </div>
  )
  const [last] = today.last
  const told = <DoneNotices sent={sent} number={snapshot.number} />
  const work = (
    <section className="card case-act stack print-hidden" id="work">
      <h2 className="sr-only">{t('page.work')}</h2>
      {decides ? null : <p>{t('page.nothing')}</p>}
      {proofs === 0 && open.main !== null && buttonOf(open.main).asksForDocument ? (
        <Notice>
          <p>{t('document.missing')}</p>
        </Notice>
      ) : null}
      {snapshot.filedById === staff.id && UNAPPROVED.includes(snapshot.state) ? (
        <Notice tone="info">
          <p data-own-filing>{t(imported(view) ? 'page.own_import' : 'page.own_filing')}</p>
        </Notice>
      ) : null}
      {view.judgedOther && conflict === null && UNAPPROVED.includes(snapshot.state) ? (
        <Notice>
          <p data-judged-other>{t('page.judged_other')}</p>
        </Notice>
      ) : null}
      {unseen && !takes ? (
        <p className="act-first">
          <Icon name="lock" size={18} /> <a href="#open">{d('unseen')}</a>
        </p>
      ) : null}
      <BeforeTheLast still={still} />
      {upholds.length === 0 ? null : <h3>{t('uphold.choose')}</h3>}
      <MayDecide>
        <DecisionForms
          leading={upholds.length}
          lead={
            <UpholdForms
              number={snapshot.number}
              version={snapshot.version}
              sides={upholds}
              snippets={snippets}
              seen={view.seenAll}
              code={<StepUpField kind="decision" />}
            />
          }
          number={snapshot.number}
          version={snapshot.version}
          state={snapshot.state}
          open={inForm}
          claim={{
            ...claimOf(view),
            ...comparedWith(files, reading),
            seenKeys: view.questions.flatMap(({ answer, imei }) =>
              answer === 'yes' && imei !== null ? [imei.slice(0, 14)] : [],
            ),
          }}
          seen={view.openUntil !== null && view.seenAll}
          language={languageOf(view.locale)}
          named={[...(await phonesOnProof(reading)), ...view.named]}
          snippets={snippets}
          colleagues={view.assignable.filter(
            ({ id }) => id !== snapshot.assigneeId && id !== snapshot.filedById,
          )}
          code={<StepUpField kind="decision" />}
          next={around.at < around.of ? { at: around.at + 1, of: around.of } : null}
          before={
            first && (
              <>
                <UnreadWarning reading={reading} />
                <NotSeenBefore first={first} openers={view.openers} />
              </>
            )
          }
          after={
            first && (
              <SeenBefore
                first={first}
                openers={view.openers}
                names={view.names}
                checks={view.checks}
                imeis={view.imeis}
              />
            )
          }
        />
      </MayDecide>
    </section>
  )
  const rest = (
    <>
      <RareParts
        staff={staff}
        view={view}
        data={data}
        hold={hold}
        shared={shared}
        proven={proofs > 0}
        now={now}
      />
      <section className="stack">
        {conflict === null ? (
          <>
            <h2>{t('page.history')}</h2>
            <CaseHistory events={view.events} names={view.names} areas={units} files={filesByEvent(files)} />
          </>
        ) : null}
        <OpeningsList openings={view.openings} names={view.names} areas={units} />
      </section>
    </>
  )
  return (
    <div
      className="stack"
      data-case-status={snapshot.state}
      data-case-number={snapshot.number}
      {...(held && { 'data-case-held': held })}
    >
      <CaseHeader view={view} readerId={staff.id} now={now} free={takes}>
        <ButtonLink
          href={{ pathname: '/admin/cases/[number]/print', params: { number: snapshot.number } }}
          look="quiet"
          size="small"
          icon="print"
        >
          {t('page.print')}
        </ButtonLink>
      </CaseHeader>
      <DecisionScope action={decideAction} open={inForm} upholds={upholds.map((side) => side.number)}>
        {takes ? (
          <MayDecide>
            <TakeForm
              number={snapshot.number}
              version={snapshot.version}
              opens={proofs > 0 && !view.seenAll && snapshot.held === null}
            />
          </MayDecide>
        ) : null}
        <div className="case-desk" data-sides={conflict === null ? undefined : ''}>
          <StreamPane
            stream={stream}
            around={around}
            today={today}
            current={snapshot.number}
            now={now}
            takeBack={
              last && last.undoable !== null && last.number !== snapshot.number ? (
                <TakeBack last={last} action={decideAction} />
              ) : null
            }
          />
          <div className="case-file">
            {told}
            {flags}
            {conflict === null ? (
              <>
                {evidence}
                <CaseFacts file={view} snapshot={snapshot} area={places.get(snapshot.areaId) ?? null} />
              </>
            ) : (
              <>
                {disclosure}
                <Conflict view={view} conflict={conflict} units={units} query={sent} now={now} />
              </>
            )}
            {rest}
            {decides ? (
              <p className="to-act print-hidden">
                <a className="button" data-look="quiet" data-size="small" href="#work">
                  <Icon name="edit" />
                  {t('page.to_decision')}
                </a>
              </p>
            ) : null}
          </div>
          {work}
        </div>
      </DecisionScope>
      <KeyBar
        keys={[
          // Main sequence first: look, answer, decide.
          ...(view.seen ? [] : [{ keys: ['O'], label: t('page.keys_open') }]),
          ...(view.seen && open.main !== null && asksForCheck(moveOf(open.main, snapshot.state))
            ? [
                { keys: ['Y'], label: t('page.keys_machine') },
                { keys: ['1', '…', 'C'], label: t('page.keys_answers') },
              ]
            : []),
          ...(open.main === null && upholds.length === 0
            ? []
            : [{ keys: ['Ctrl', 'Enter'], label: t('page.keys_decide') }]),
          { keys: ['J', 'K'], label: t('page.keys_rows') },
          ...(upholds.length === 0
            ? []
            : [
                {
                  keys: UPHOLD_KEYS.slice(0, upholds.length).map((key) => key.toUpperCase()),
                  label: t('decision.uphold.tab'),
                },
              ]),
          { keys: ['Ctrl', 'K'], label: t('page.keys_all') },
        ]}
      />
    </div>
  )
}
