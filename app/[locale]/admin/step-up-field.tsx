import { getLocale, getTranslations } from 'next-intl/server'
import { OtpField, type PasskeyOffer } from '#components/form/otp-field.tsx'
import type { StepUpKind } from '#features/accounts/factors/rules.ts'
import { readPasskeyStanding } from '#features/accounts/passkeys/data.ts'
import { passkeyWords } from '#features/accounts/passkeys/passkey-words.tsx'
import { codePeriod, enrollingStaff } from '#http/session.ts'
import { formatInstant } from '#messages/dates.ts'

/**
 * Renders the field `otp` for an act that needs a code (`stepUp` of its action, of the same kind). While a code for decisions is
 * still valid, it says until when instead. `acts` names the acts that need a code, if the form has others too.
 */
export async function StepUpField({
  acts,
  kind = 'work',
}: {
  readonly acts?: readonly string[]
  readonly kind?: StepUpKind
}) {
  if (acts?.length === 0) return null
  const [t, locale, { asks, until }, passkey] = await Promise.all([
    getTranslations('admin.step_up'),
    getLocale(),
    codePeriod(kind),
    passkeyOffer(),
  ])
  const hint = acts ? t('hint_for', { acts: acts.join(', ') }) : t(kind === 'always' ? 'hint_always' : 'hint')
  const note =
    kind === 'decision' && until !== null ? (
      <p className="text-sm text-soft" data-no-code-until={until.toISOString()}>
        {t('until', { time: formatInstant(locale === 'en' ? 'en' : 'vi', until, 'time') })}
      </p>
    ) : null
  return <OtpField label={t('label')} hint={hint} asked={asks} note={note} passkey={passkey} />
}

async function passkeyOffer(): Promise<PasskeyOffer | null> {
  const staff = await enrollingStaff()
  if (!staff || staff.passkeys === 0) return null
  const { possible, required } = readPasskeyStanding(staff)
  if (!possible) return null
  const [words, t] = await Promise.all([
    passkeyWords('confirm', required),
    getTranslations('sign-in.passkey'),
  ])
  return { path: '/api/staff/passkey', only: required, words, done: t('done') }
}
