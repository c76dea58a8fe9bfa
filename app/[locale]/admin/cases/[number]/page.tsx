import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { allUnits, knownAreas } from '#features/areas/queries.ts'
import { CarriersTable } from '#features/cases/components/carriers-table.tsx'
import { CaseFacts } from '#features/cases/components/case-facts.tsx'
import { CaseFlags } from '#features/cases/components/case-flags.tsx'
import { CaseHistory } from '#features/cases/components/case-history.tsx'
import { claimOf } from '#features/cases/components/checklist.tsx'
import { LegalHoldNotice } from '#features/cases/components/data-request-form.tsx'
import { DecisionForms } from '#features/cases/components/decision-form.tsx'
import { DisclosureForm } from '#features/cases/components/disclosure-form.tsx'
import { OpeningsList, SeenBefore } from '#features/cases/components/openings-list.tsx'
import { SimFlags } from '#features/cases/components/sim-question.tsx'
import { caseFile, erasedCase } from '#features/cases/queries/case-file.ts'
import {
  buttonOf,
  CASE_DECISIONS,
  type CaseDecision,
  decisionsOpenTo,
  moveOf,
} from '#features/cases/rules/decisions.ts'
import { agreesWith, reasonAtHand } from '#features/cases/rules/disclosure.ts'
import { UNAPPROVED } from '#features/cases/rules/moves.ts'
import { parseCaseNumber } from '#features/cases/rules/number.ts'
import { restsOnProof } from '#features/cases/rules/proof.ts'
import { evidenceOf } from '#features/evidence/queries.ts'
import { filesByEvent } from '#features/evidence/rules/item.ts'
import { dataProposals, dataStanding } from '#features/privacy/queries.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath } from '#messages/paths.ts'
import { MayDecide } from '../../may-decide.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { askCarrierAction, decideAction, discloseAction } from './actions.ts'
import { AddDocument } from './add-document.tsx'
import { CaseHeader, imported } from './case-header.tsx'
import { Conflict } from './conflict.tsx'
import { DataPart, ErasedFile } from './data-part.tsx'
import { differingFilesOf, Evidence, phonesOnProof, readingOf, sameFilesOf } from './evidence.tsx'
import { FoundFlags } from './found-flags.tsx'
import { ObjectionFlags } from './objection-flags.tsx'
import { SimCard } from './sim-card.tsx'

export const access = 'case:read' satisfies Access

interface Props {
  readonly params: Promise<{ number: string }>
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations('case-staff')])
  return { title: t('page.title', { number: decodeURIComponent(number) }) }
}

/** The words for an act about personal data that is done, by the act's name in the address. */
const DATA_DONE = {
  data_request: 'requests.done',
  data_extended: 'requests.extended_done',
  data_proposed: 'requests.proposed_done',
  data_declined: 'requests.declined_done',
  legal_hold_proposed: 'hold.proposed_done',
  legal_hold_placed: 'hold.placed_done',
  legal_hold_lifted: 'hold.lifted_done',
  legal_hold_declined: 'hold.declined_done',
} as const

/** Returns a case's number as the address has it; null where that is none. */
function readNumber(written: string | string[] | undefined): string | null {
  const number = typeof written === 'string' ? parseCaseNumber(written) : null
  return number?.ok ? number.value : null
}

export default async function CaseFilePage({ params, searchParams }: Props) {
  const staff = await requireStaff(access)
  const [{ number }, query, locale, t, sim, words, d] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('case-staff'),
    getTranslations('case-sim'),
    getTranslations('case-data'),
    getTranslations('disclosure'),
  ])
  const { done, error, upheld } = query
  const now = new Date()
  const view = await caseFile(staff, decodeURIComponent(number), now)
  if (!view) {
    const erased = await erasedCase(staff, decodeURIComponent(number))
    return erased ? <ErasedFile snapshot={erased} /> : redirect(missingPath(locale))
  }
  const { snapshot } = view
  const [data, proposals, files, reading] = await Promise.all([
    dataStanding(snapshot),
    dataProposals(snapshot),
    evidenceOf(view.scope, snapshot.id, view.openUntil !== null),
    readingOf(view.scope, snapshot.id, view),
  ])
  const proofs = files.length
  const { judgedOther, decidedBefore, imeisNamed } = view
  const open = decisionsOpenTo(snapshot, staff, now, { judgedOther, decidedBefore, imeisNamed })
  const said = (all: readonly { readonly id: string; readonly nameVi: string; readonly nameEn: string }[]) =>
    new Map(all.map((one) => [one.id, locale === 'en' ? one.nameEn : one.nameVi]))
  const [areas, places] = [said(await allUnits()), said([...(await knownAreas()).values()])]
  // Both files stand side by side then, this one among them.
  const settling = snapshot.held === 'conflict' && may(staff.role, 'case:resolve_conflict')
  const decides = open.main !== null || open.others.some((one) => buttonOf(one).always !== true)
  // Each side of a conflict has its own form.
  const settlesConflict = (one: CaseDecision) => buttonOf(one).on === 'conflict'
  const others = open.others.filter((one) => !settlesConflict(one))
  const inForm = { ...open, others }
  const unseen =
    !view.seenAll &&
    [open.main, ...open.others].some((one) => one !== null && restsOnProof(moveOf(one, snapshot.state)))
  const disclosure =
    view.openUntil !== null && (view.seenAll || !unseen) ? (
      <p className="print-hidden text-soft" role="status" data-open-until={view.openUntil.toISOString()}>
        {d('open_until', { time: formatInstant(locale, view.openUntil, 'moment') })}
      </p>
    ) : (
      <DisclosureForm
        action={discloseAction}
        number={snapshot.number}
        reason={reasonAtHand(snapshot, staff, now)}
        changed={view.openUntil !== null}
      />
    )
  const first = agreesWith(snapshot, open.main)
  const made = CASE_DECISIONS.find((decision) => decision === done)
  return (
    <div
      className="stack-l"
      data-case-status={snapshot.state}
      data-case-number={snapshot.number}
      {...(snapshot.held && { 'data-case-held': snapshot.held })}
    >
      <CaseHeader view={view} now={now}>
        <p className="print-hidden flex gap-3">
          {decides ? (
            // On a wide screen what can be decided stands beside the file, but for a conflict's two.
            <span className={settling ? undefined : 'xl:hidden'}>
              <a className="button" data-look="quiet" data-size="small" href="#work">
                <Icon name="edit" />
                {t('page.to_decision')}
              </a>
            </span>
          ) : null}
          <ButtonLink
            href={{ pathname: '/admin/cases/[number]/print', params: { number: snapshot.number } }}
            look="quiet"
            size="small"
            icon="print"
          >
            {t('page.print')}
          </ButtonLink>
        </p>
      </CaseHeader>
      <div className="stack">
        {made ? (
          <div role="status">
            <Notice
              tone="ok"
              title={
                settlesConflict(made)
                  ? t('uphold.done', { number: readNumber(upheld) ?? snapshot.number })
                  : t('page.done', { decision: t(`decision.${made}.button`) })
              }
            />
          </div>
        ) : null}
        {done === 'add_document' ? (
          <div role="status">
            <Notice tone="ok" title={t('document.done')} />
          </div>
        ) : null}
        {done === 'ask_carrier' ? (
          <div role="status">
            <Notice tone="ok" title={sim('done')} />
          </div>
        ) : null}
        {typeof done === 'string' && Object.hasOwn(DATA_DONE, done) ? (
          <div role="status">
            <Notice tone="ok" title={words(DATA_DONE[done as keyof typeof DATA_DONE])} />
          </div>
        ) : null}
        <LegalHoldNotice hold={data.legalHold} />
        {snapshot.withdrawEffectiveAt ? (
          <Notice>
            <p>
              {t('page.withdrawing', { time: formatInstant(locale, snapshot.withdrawEffectiveAt, 'moment') })}
            </p>
          </Notice>
        ) : null}
        <CaseFlags
          file={view}
          snapshot={snapshot}
          sameImei={view.sameImei}
          sameContact={view.sameContact}
          areas={areas}
          sameFiles={await sameFilesOf(view)}
          differing={await differingFilesOf(view, reading)}
          settling={settling}
        />
        <SimFlags questions={view.questions} now={now} />
        <FoundFlags scope={view.scope} caseId={snapshot.id} />
        <ObjectionFlags scope={view.scope} caseId={snapshot.id} />
      </div>
      {settling ? disclosure : null}
      <div className={settling ? 'stack' : 'grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_19rem]'}>
        {settling ? (
          <Conflict
            reader={staff}
            now={now}
            view={view}
            areas={areas}
            settles={open.others.some(settlesConflict)}
            query={query}
          />
        ) : (
          <div className="stack min-w-0">
            <CaseFacts file={view} snapshot={snapshot} area={places.get(snapshot.areaId) ?? null} />
            <Card>
              <h2>{t('page.evidence')}</h2>
              {disclosure}
              <Evidence
                scope={view.scope}
                caseId={snapshot.id}
                opened={view.openUntil !== null}
                reading={reading}
                claimed={view.imeis}
                query={query}
              />
              <AddDocument
                staff={staff}
                snapshot={snapshot}
                now={now}
                unproven={proofs === 0}
                fault={typeof error === 'string' ? error : undefined}
              />
            </Card>
          </div>
        )}
        <div className="stack min-w-0 print-hidden">
          <Card id="work">
            <h2>{t('page.work')}</h2>
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
            {unseen ? (
              <Notice>
                <p>
                  <a href="#open">{d('unseen')}</a>
                </p>
              </Notice>
            ) : null}
            <MayDecide>
              <DecisionForms
                action={decideAction}
                number={snapshot.number}
                version={snapshot.version}
                state={snapshot.state}
                open={inForm}
                claim={{ ...claimOf(view), read: reading.hint }}
                named={[...(await phonesOnProof(reading)), ...view.named]}
                colleagues={view.assignable.filter(
                  ({ id }) => id !== snapshot.assigneeId && id !== snapshot.filedById,
                )}
                code={<StepUpField kind="decision" />}
                before={
                  first && (
                    <SeenBefore
                      first={first}
                      openers={view.openers}
                      names={view.names}
                      checks={view.checks}
                    />
                  )
                }
              />
            </MayDecide>
          </Card>
          <DataPart staff={staff} view={view} data={data} proposals={proposals} now={now} />
          <SimCard view={view} action={askCarrierAction} now={now} />
          {view.carriers.length > 0 ? (
            <Card>
              <h2>{t('page.carriers')}</h2>
              <CarriersTable carriers={view.carriers} now={now} />
            </Card>
          ) : null}
        </div>
      </div>
      <section className="stack">
        <h2>{t('page.history')}</h2>
        <CaseHistory events={view.events} names={view.names} areas={areas} files={filesByEvent(files)} />
        <OpeningsList openings={view.openings} names={view.names} areas={areas} />
      </section>
    </div>
  )
}
