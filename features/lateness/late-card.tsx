import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import { sayWhen } from '#features/cases/standing/when.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import type { Lateness } from './rules.ts'

interface LateCardProps {
  readonly number: string
  readonly all: readonly Lateness[]
  readonly late: readonly Lateness[]
  /** null where the person must not learn the unit. */
  readonly unit: string | null
  readonly action: FormAction
  readonly now: Instant
}

/** Shows what is late, the new day, and who was told when. Takes a complaint and shows its answer. */
export async function LateCard({ number, all, late, unit, action, now }: LateCardProps) {
  const shown = all.filter((one) => late.includes(one) || one.complaint !== null)
  if (shown.length === 0) return null
  const [t, when] = await Promise.all([getTranslations('lateness'), sayWhen(now)])
  const isOffered = complainable(all, late) !== null
  return (
    <section id="tre-han" className="stack" data-late={late.length}>
      {shown.map((one) => (
        <Notice
          key={one.id}
          tone={late.includes(one) ? 'wait' : 'info'}
          title={`${t(late.includes(one) ? 'card.title' : 'card.was')}: ${t(`kind.${one.kind}`)}`}
        >
          <p>{t('card.due', { when: when(one.dueAt) })}</p>
          {late.includes(one) ? <p>{t('card.promised', { when: when(one.promisedAt) })}</p> : null}
          <ul className="text-sm" data-late-kind={one.kind}>
            {one.unitAt && (
              <li>{t('card.toldUnit', { unit: unit ?? t('card.unit'), when: when(one.unitAt) })}</li>
            )}
            {one.cityAt && <li>{t('card.toldCity', { when: when(one.cityAt) })}</li>}
            {one.inspectorateAt && <li>{t('card.toldInspectorate', { when: when(one.inspectorateAt) })}</li>}
          </ul>
          {one.complaint === null ? null : one.complaint.answeredAt === null ? (
            <p data-late-complaint="waiting">
              {t('card.complained', { when: when(one.complaint.at), due: when(one.complaint.dueAt) })}
            </p>
          ) : (
            <div data-late-complaint="answered">
              <p>{t('card.answered', { when: when(one.complaint.answeredAt) })}</p>
              <p className="wrap-anywhere whitespace-pre-line">
                <Written>{one.complaint.answer ?? ''}</Written>
              </p>
            </div>
          )}
        </Notice>
      ))}
      {isOffered ? (
        <ActionForm action={action} scope="complain_late" className="stack">
          <HiddenField name="caseNumber" value={number} />
          <p className="text-sm text-soft">{t('card.pressText')}</p>
          <p>
            <SubmitButton name="act" value="complain_late" look="quiet">
              {t('card.press')}
            </SubmitButton>
          </p>
        </ActionForm>
      ) : null}
    </section>
  )
}

/** Returns the deadline to complain about: the first late one, unless another complaint is open. */
const complainable = (late: readonly Lateness[], lateNow: readonly Lateness[]): Lateness | null =>
  late.some(({ complaint }) => complaint !== null && complaint.answeredAt === null)
    ? null
    : (lateNow.find(({ complaint }) => complaint === null) ?? null)
