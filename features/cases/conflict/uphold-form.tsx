import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Checkboxes } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { ErrorPlace } from '#components/form/folded-form.tsx'
import { FoldedAct, OwnSummary } from '#components/form/live-forms.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { Locale } from '#messages/routing.ts'
import { type DecisionsProps, OneDecision, upholdMark } from '../decisions/decision-form.tsx'
import { Reason } from '../decisions/reason.tsx'
import type { ReasonFieldsProps } from '../decisions/reason-fields.tsx'
import { buttonOf } from '../decisions/rules.ts'
import { Checklist, type Claim } from '../proof/checklist.tsx'

export interface UpholdSide {
  readonly number: string
  /** The place among the sides, from 1, by the time of their reports. */
  readonly place: number
  readonly claim: Claim
  /** The languages of the other sides, who read the reason. */
  readonly readers: readonly Locale[]
  /** The other sides that have further IMEIs, which this side does not claim: by number, place and last four digits. */
  readonly further: readonly { readonly number: string; readonly place: number; readonly ends: string }[]
}

interface UpholdFormsProps extends Pick<DecisionsProps, 'number' | 'version'> {
  readonly sides: readonly UpholdSide[]
  readonly snippets: ReasonFieldsProps['snippets']
  readonly seen: boolean
  readonly code: ReactNode
}

export const UPHOLD_KEYS = ['5', '6', '7', '8']

/**
 * Renders one form per side of a conflict, which upholds that side. Its button names the case by its number, and every other side
 * reads the reason. No form is open at first, so that no side looks suggested.
 */
export async function UpholdForms({ number, version, sides, snippets, seen, code }: UpholdFormsProps) {
  const t = await getTranslations('case-staff')
  return sides.map((side, at) => (
    <FoldedAct
      key={side.number}
      group="act"
      mark={upholdMark(side.number)}
      first={false}
      summary={t('uphold.tab', { place: side.place })}
      shortcut={UPHOLD_KEYS[at] ?? ''}
    >
      <OneDecision number={number} version={version} mark={upholdMark(side.number)} summaryInside>
        <HiddenField name="upheld" value={side.number} />
        <div className="act-fields stack">
          <OwnSummary mark={upholdMark(side.number)} />
          <ErrorPlace name="evidence" />
          <div className="checks">
            <Checklist claim={side.claim} move="upheld" seen={seen} keys />
          </div>
          {side.further.length === 0 ? null : (
            <Checkboxes
              name="otherPhone"
              label={t('uphold.further')}
              hint={t('uphold.further_hint')}
              options={side.further.map(({ number: of, place, ends }) => ({
                value: of,
                label: t('uphold.further_one', { place, ends }),
              }))}
            />
          )}
          <Reason
            move="upheld"
            warning={buttonOf('uphold').warning}
            readers={side.readers}
            snippets={snippets}
            otherSides
          />
          {code}
        </div>
        <div className="act-buttons">
          {/* No side looks like the suggested one. */}
          <SubmitButton name="next" value="uphold" look="quiet" shortcut="Control+Enter">
            {t('decision.next', { decision: t('uphold.button', { number: side.number }) })}
          </SubmitButton>
          <SubmitButton name="decision" value="uphold" look="plain" size="small">
            <span className="sr-only">{t('uphold.button', { number: side.number })},</span>{' '}
            {t('decision.stay')}
          </SubmitButton>
          <p className="text-soft">{t('uphold.does')}</p>
        </div>
      </OneDecision>
    </FoldedAct>
  ))
}
