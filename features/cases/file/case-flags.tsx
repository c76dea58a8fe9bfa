import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { formatInstant } from '#messages/dates.ts'
import { holdWaitsUntil, isHoldAsked } from '../moves/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { namedState } from '../record/state-rules.ts'
import type { FileRecord, Related } from './rules.ts'

interface CaseFlagsProps {
  readonly file: FileRecord
  readonly snapshot: CaseSnapshot
  readonly sameImei: readonly Related[]
  readonly sameContact: readonly Related[]
  readonly areas: ReadonlyMap<string, string>
  readonly sameFiles: readonly {
    readonly id: string
    readonly name: string
    readonly numbers: readonly string[]
    readonly cases: number
  }[]
  /** Files on which a machine read another IMEI than the claimed ones; with the digits once the reader has opened the files. */
  readonly differing: readonly {
    readonly id: string
    readonly name: string
    readonly imeis: readonly string[]
  }[]
  /** The reader settles conflicts, and both sides are shown below. */
  readonly settling: boolean
}

/** Renders what the person who decides must not overlook, and where to look at each point. */
export async function CaseFlags({
  file,
  snapshot,
  sameImei,
  sameContact,
  areas,
  sameFiles,
  differing,
  settling,
}: CaseFlagsProps) {
  const t = await getTranslations('case-staff.flags')
  const conflict = snapshot.held === 'conflict'
  const [sides, rival] = [true, false].map((inConflict) =>
    sameImei.filter((one) => one.active && (conflict && one.held === 'conflict') === inConflict),
  ) as [Related[], Related[]]
  const earlier = sameImei.filter((one) => !one.active)
  return (
    <>
      {snapshot.held ? (
        <Notice title={t(`held_${snapshot.held}`)}>
          <p>{conflict ? t(settling ? 'conflict_settle' : 'conflict_wait') : t('shared_text')}</p>
          {settling ? null : <Cases cases={sides} areas={areas} />}
        </Notice>
      ) : null}
      <SharedFlag snapshot={snapshot} />
      <HoldFlag snapshot={snapshot} />
      {snapshot.imeiUnknown ? (
        <Notice title={t('imei_unknown')}>
          <p data-imei-unknown>{t('imei_unknown_text')}</p>
        </Notice>
      ) : null}
      {rival.length > 0 ? (
        <Notice title={t('rival')}>
          <p>{t(rival.some(({ proven }) => proven) ? 'rival_proven' : 'rival_text')}</p>
          <Cases cases={rival} areas={areas} />
        </Notice>
      ) : null}
      {file.tacMismatch ? (
        <Notice title={t('tac')}>
          <p>
            {t('tac_text', {
              typed: `${file.brand} ${file.model}`,
              known: `${file.tacManufacturer ?? ''} ${file.tacModel ?? ''}`.trim(),
            })}
          </p>
        </Notice>
      ) : null}
      {differing.map(({ id, name, imeis }) => (
        <Notice key={id} title={t('reading')}>
          <div data-reading-differs={id}>
            <p>{t('reading_text', { name })}</p>
            {imeis.map((imei) => (
              <p key={imei}>
                <Imei value={imei} />
              </p>
            ))}
          </div>
        </Notice>
      ))}
      {sameFiles.map((same) => (
        <Notice key={same.id} title={t('same_file', { name: same.name, count: same.cases })}>
          <Numbers numbers={same.numbers} />
        </Notice>
      ))}
      {earlier.length > 0 ? (
        <Notice tone="info" title={t('earlier')}>
          <Cases cases={earlier} areas={areas} />
        </Notice>
      ) : null}
      {sameContact.length > 0 ? (
        <Notice tone="info" title={t('contact', { count: sameContact.length })}>
          <Cases cases={sameContact} areas={areas} />
        </Notice>
      ) : null}
    </>
  )
}

/** The most cases that are listed; the newest ones are enough. */
const MOST_NAMED = 5

async function Cases({
  cases,
  areas,
}: {
  readonly cases: readonly Related[]
  readonly areas: ReadonlyMap<string, string>
}) {
  const t = await getTranslations('case-staff')
  const more = cases.length - MOST_NAMED
  return (
    <ul>
      {cases.slice(0, MOST_NAMED).map((one) => (
        <li key={one.id}>
          <CaseLink number={one.number} reachable={one.reachable} />
          {', '}
          {t(`state.${namedState(one)}`)}
          {one.active ? `, ${t(one.proven ? 'flags.proven' : 'flags.unproven')}` : null}
          {one.reachable ? null : `, ${areas.get(one.unitId) ?? one.unitId}`}
        </li>
      ))}
      {more > 0 ? <li className="text-soft">{t('flags.more', { count: more })}</li> : null}
    </ul>
  )
}

function Numbers({ numbers }: { readonly numbers: readonly string[] }): ReactNode {
  return (
    <ul>
      {numbers.map((number) => (
        <li key={number}>
          <CaseLink number={number} reachable />
        </li>
      ))}
    </ul>
  )
}

function CaseLink({ number, reachable }: { readonly number: string; readonly reachable: boolean }) {
  if (!reachable) return <span className="num">{number}</span>
  return (
    <Link className="num" href={{ pathname: '/admin/cases/[number]', params: { number } }}>
      {number}
    </Link>
  )
}

function holdText(c: CaseSnapshot) {
  if (c.held === 'conflict') return 'hold_conflict_text'
  if (c.state === 'rejected') return 'hold_rejected_text'
  return c.blockFromId === null ? 'hold_text' : 'hold_passed_text'
}

async function SharedFlag({ snapshot: { sharedDueAt, sharedProposal } }: Pick<CaseFlagsProps, 'snapshot'>) {
  if (sharedDueAt === null) return null
  const [t, locale] = await Promise.all([getTranslations('case-staff.flags'), getLocale()])
  return (
    <Notice title={t('shared_said')}>
      <p data-shared-said>{t('shared_said_text', { time: formatInstant(locale, sharedDueAt, 'moment') })}</p>
      {sharedProposal === null ? null : <p>{t('shared_proposed', { answer: sharedProposal })}</p>}
    </Notice>
  )
}

async function HoldFlag({ snapshot: c }: Pick<CaseFlagsProps, 'snapshot'>) {
  const [t, locale] = await Promise.all([getTranslations('case-staff.flags'), getLocale()])
  if (c.holdUntil) {
    return (
      <Notice title={t('hold', { time: formatInstant(locale, c.holdUntil, 'moment') })}>
        <p>{t(holdText(c))}</p>
        {c.renewalConfirmedById === null ? null : <p>{t('renewal_used_text')}</p>}
        <HoldAsked snapshot={c} />
      </Notice>
    )
  }
  return isHoldAsked(c) ? (
    <Notice title={t('hold_asked')}>
      <HoldAsked snapshot={c} />
    </Notice>
  ) : null
}

async function HoldAsked({ snapshot: c }: Pick<CaseFlagsProps, 'snapshot'>) {
  const [t, locale] = await Promise.all([getTranslations('case-staff.flags'), getLocale()])
  if (!isHoldAsked(c)) return null
  const due = holdWaitsUntil(c)
  return (
    <>
      {c.holdUntil ? <p data-renewal-asked>{t('renewal_asked')}</p> : null}
      <p>{t(c.holdUntil ? 'renewal_asked_text' : 'hold_asked_text')}</p>
      {due ? <p>{t('hold_asked_due', { time: formatInstant(locale, due, 'moment') })}</p> : null}
    </>
  )
}
