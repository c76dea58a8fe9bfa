import { getTranslations } from 'next-intl/server'
import { Radios } from '#components/form/choices.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import type { ReadingHint } from '#features/evidence/rules/reading.ts'
import type { FileRecord } from '../rules/file.ts'
import { CHECK_ANSWERS, CHECK_FIELDS, type CheckField, type ProofCheck } from '../rules/proof.ts'

/** The claim, to be compared with the evidence. */
export interface Claim {
  readonly imeis: readonly string[]
  readonly name: string
  readonly device: string
  /** Hints at what a machine read on the evidence; left out where nothing is read for it. */
  readonly read?: ReadingHint | null
}

export const claimOf = (file: FileRecord): Claim => ({
  imeis: file.imeis.map(({ imei }) => imei),
  name: file.particulars.fullName,
  device: [file.brand, file.model, file.colour].filter(Boolean).join(' '),
})

/**
 * Renders the three questions that a decision answers about the evidence; none is answered beforehand, even where a
 * machine has read the evidence.
 */
export async function Checklist({
  claim,
  of = 'reporter',
  keys = false,
}: {
  readonly claim: Claim
  /** The person whose evidence it is. */
  readonly of?: 'reporter' | 'holder'
  /** Numbers the questions by the key that answers each with yes: for the one checklist that is in sight. */
  readonly keys?: boolean
}) {
  const t = await getTranslations('case-staff.check')
  const claimed = {
    checkImei: claim.imeis.map((imei) => <Num key={imei} value={imei} groups={imeiGroups} />),
    checkName: claim.name,
    checkDevice: claim.device || t('noDevice'),
  }
  const labelOf = (field: CheckField, at: number): string => {
    const label = t(field === 'checkName' && of === 'holder' ? 'checkName.holder' : `${field}.label`)
    return keys ? `${at + 1}. ${label}` : label
  }
  return CHECK_FIELDS.map((field, at) => (
    <Radios
      key={field}
      name={field}
      label={labelOf(field, at)}
      {...(keys && { shortcut: String(at + 1) })}
      hint={
        <>
          <span className="flex flex-wrap gap-x-3">{claimed[field]}</span>
          {field === 'checkImei' && claim.read ? (
            <span className="block" data-reading-hint={claim.read}>
              {t(`read.${claim.read}`)}
            </span>
          ) : null}
        </>
      }
      options={CHECK_ANSWERS[field].map((value) => ({ value, label: t(answer(field, value)) }))}
      row
    />
  ))
}

const answer = (field: CheckField, value: string) => `${field}.${value}` as 'checkImei.yes'

/** Shows what a colleague found on the evidence, an answer that speaks against the claim marked. */
export async function FoundOnProof({ check }: { readonly check: ProofCheck }) {
  const t = await getTranslations('case-staff.check')
  return (
    <ul className="space-y-0.5" data-check={CHECK_FIELDS.map((field) => check[field]).join(' ')}>
      {CHECK_FIELDS.map((field) => (
        <li key={field} className={check[field] === 'no' ? 'font-semibold text-saffron-deep' : undefined}>
          {t(`${field}.short`)}: {t(answer(field, check[field]))}
        </li>
      ))}
    </ul>
  )
}
