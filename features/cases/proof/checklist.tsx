import { getTranslations } from 'next-intl/server'
import { Checkbox, Radios } from '#components/form/choices.tsx'
import type { EvidenceKind } from '#features/evidence/files/rules.ts'
import type { ReadingHint } from '#features/evidence/readings/rules.ts'
import { formatImei } from '#lib/imei/imei.ts'
import type { FileRecord } from '../file/rules.ts'
import type { Move } from '../moves/rules.ts'
import { ByMachine } from './by-machine.tsx'
import {
  answerable,
  answersTo,
  CHECK_ANSWERS,
  type CheckField,
  fieldsToCheck,
  IMEI_CHECKS,
  imeiChecksOf,
  suggested,
} from './rules.ts'

export interface Claim {
  readonly imeis: FileRecord['imeis']
  readonly name: string
  readonly device: string
  readonly kinds: readonly EvidenceKind[]
  /** A machine's reading of the evidence; absent if nothing is read for it. */
  readonly read?: ReadingHint | null
  /** Keys of the phones that it read; none before the evidence is opened. */
  readonly readKeys?: readonly string[]
  /** Keys of the phones in which a carrier has seen the reporter's SIM. */
  readonly seenKeys?: readonly string[]
}

export const claimOf = (file: FileRecord): Omit<Claim, 'kinds'> => ({
  imeis: file.imeis,
  name: file.particulars.fullName,
  device: [file.brand, file.model, file.colour].filter(Boolean).join(' '),
})

/** The keys of the answers, one keyboard row per question; further questions have none. */
const KEY_ROWS = [
  ['Digit1', 'Digit2', 'Digit3'],
  ['KeyQ', 'KeyW', 'KeyE'],
  ['KeyA', 'KeyS', 'KeyD'],
  ['KeyZ', 'KeyX', 'KeyC'],
] as const

/**
 * Renders a decision's questions about the evidence: one per number, then the name and the device. None is answered in advance,
 * even if a machine has read the evidence; answers that the evidence cannot show are disabled.
 */
export async function Checklist({
  claim,
  move,
  of = 'reporter',
  keys = false,
  seen = false,
}: {
  readonly claim: Claim
  readonly move: Move
  readonly of?: 'reporter' | 'holder'
  /** Gives each answer a key; only for the one checklist in sight. */
  readonly keys?: boolean
  /** The reader has opened the evidence; only then may a machine suggest answers. */
  readonly seen?: boolean
}) {
  const t = await getTranslations('case-staff.check')
  const { imeis, read, readKeys = [] } = claim
  const can = answerable(imeiChecksOf(move, imeis), claim.kinds, claim.device !== '')
  const isRead = (at: number) => readKeys.includes(imeis[at]?.key14 ?? '')
  const suggestion = suggested(
    can,
    IMEI_CHECKS.filter((_, at) => isRead(at)),
  )
  const fields = fieldsToCheck(can)
  const labelOf = (field: CheckField): string => {
    const at = placeOf(field)
    if (at >= 0) return t('checkImei.label', { place: at + 1, imei: formatImei(imeis[at]?.imei ?? '') })
    return t(
      field === 'checkName'
        ? of === 'holder'
          ? 'checkName.holder'
          : 'checkName.label'
        : 'checkDevice.label',
    )
  }
  const hintOf = (field: CheckField) => {
    const at = placeOf(field)
    if (field === 'checkName') return can.name ? claim.name : t('noName')
    if (at < 0) return can.device ? claim.device : t('noDevice')
    const isSeen = claim.seenKeys?.includes(imeis[at]?.key14 ?? '') === true
    if (isSeen && !isRead(at)) return <span data-reading-hint="carrier">{t('read.carrier')}</span>
    if (!read) return undefined
    // Before the evidence is opened, the hint says only whether a claimed number was read, not which.
    const agrees = !seen && (read === 'agrees' || read === 'both')
    if (agrees && imeis.length > 1) return undefined
    const said =
      isRead(at) || agrees
        ? 'agrees'
        : read === 'unread'
          ? 'unread'
          : read === 'differs'
            ? 'differs'
            : 'nothing'
    return <span data-reading-hint={said}>{t(`read.${said}`)}</span>
  }
  const answers = (field: CheckField, row: number) =>
    CHECK_ANSWERS[field].map((value, at) => ({
      value,
      label: t(answer(field, value)),
      disabled: !answersTo(field, can).includes(value),
      ...(keys && { press: KEY_ROWS[row]?.[at] }),
    }))
  return (
    <>
      {/* First: below the questions it would be out of sight. */}
      {seen && Object.keys(suggestion).length > 0 ? (
        <>
          <ByMachine
            suggestion={suggestion}
            words={{
              button: t('by_machine'),
              set: t('by_machine_set'),
              left: t('by_machine_left'),
            }}
            says={fields.map((field) => {
              const value = suggestion[field]
              return { field, short: shortOf(field, t), answer: value ? t(answer(field, value)) : null }
            })}
          />
          <noscript>
            <Checkbox name="checkAll" value="yes" label={t('by_machine')} />
          </noscript>
        </>
      ) : null}
      {fields.map((field, row) => (
        <Radios
          key={field}
          name={field}
          label={labelOf(field)}
          hint={hintOf(field)}
          options={answers(field, row)}
          row
        />
      ))}
    </>
  )
}

/** Returns the index of the number that a question is about; -1 for other questions. */
const placeOf = (field: CheckField): number => (IMEI_CHECKS as readonly CheckField[]).indexOf(field)
const answer = (field: CheckField, value: string) =>
  `${placeOf(field) >= 0 ? 'checkImei' : field}.${value}` as 'checkImei.yes'
const shortOf = (
  field: CheckField,
  t: Awaited<ReturnType<typeof getTranslations<'case-staff.check'>>>,
): string => {
  const at = placeOf(field)
  if (at >= 0) return t('checkImei.short', { place: at + 1 })
  return t(field === 'checkName' ? 'checkName.short' : 'checkDevice.short')
}
