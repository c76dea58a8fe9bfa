import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { Field, HiddenField } from '#components/form/field.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { readPasskeysAtSignIn } from '#features/accounts/passkeys/data.ts'
import { PasskeySignIn } from '#features/accounts/passkeys/passkey-sign-in.tsx'
import { passkeyWords } from '#features/accounts/passkeys/passkey-words.tsx'
import { cookieName } from '#http/cookies.ts'
import { csrfToken } from '#http/csrf.ts'
import { enrollingStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import type { FormState } from '#lib/form-state.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('sign-in', 'title')

export default async function SignInPage({ searchParams }: PageProps<'/[locale]/sign-in'>) {
  const [query, locale, t, staff] = await Promise.all([
    searchParams,
    getLocale(),
    getTranslations('sign-in'),
    enrollingStaff(),
  ])
  const wanted = safeRedirectPath(typeof query.callbackUrl === 'string' ? query.callbackUrl : null)
  // A session that still has to register its passkey is redirected there.
  if (staff) redirect(wanted ?? pathFor(locale, '/admin'))
  const passkeys = readPasskeysAtSignIn()
  const token = await csrfToken()
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const state = await lastTry(typeof query.error === 'string' ? query.error : null)
  return (
    <div className="stack-l max-w-measure">
      <div className="stack">
        <h1>{t('title')}</h1>
        <p className="text-soft">{t('lead')}</p>
      </div>
      {query.welcome === undefined ? null : <p role="status">{t('welcome')}</p>}
      {query.known === undefined ? null : <p role="status">{t('known')}</p>}
      <PostForm action="/api/auth/callback/credentials" state={state}>
        <HiddenField name="csrfToken" value={token} />
        <HiddenField name="callbackUrl" value={wanted ?? ''} />
        <HiddenField name="locale" value={locale} />
        <Field name="email" label={t('email')} type="email" autoComplete="username" width="medium" />
        <Field
          name="password"
          label={t('password')}
          type="password"
          autoComplete="current-password"
          width="medium"
        />
        <Field name="otp" label={t('otp')} hint={t('otp_hint')} type="code" />
        <p className="actions">
          <SubmitButton>{t('submit')}</SubmitButton>
        </p>
      </PostForm>
      {passkeys.possible ? (
        <section className="stack border-t border-line pt-6">
          <h2>{t('passkey.title')}</h2>
          <p>{t('passkey.lead')}</p>
          {passkeys.required.length === 0 ? null : (
            <p>
              {t('passkey.required', {
                who: list.format(passkeys.required.map((group) => t(`passkey.group.${group}`))),
              })}
            </p>
          )}
          <PostForm action="/api/auth/callback/credentials" scope="with-passkey" className="stack">
            <HiddenField name="csrfToken" value={token} />
            <HiddenField name="callbackUrl" value={wanted ?? ''} />
            <HiddenField name="locale" value={locale} />
            <PasskeySignIn words={await passkeyWords('sign_in', passkeys.required.length > 0)} />
          </PostForm>
        </section>
      ) : null}
      <p className="text-sm text-soft">{t('forgotten')}</p>
    </div>
  )
}

const FIELD_OF = {
  empty_email: 'email',
  empty_password: 'password',
  empty_otp: 'otp',
  wrong: 'password',
  wait: 'password',
  mail: 'form',
  passkey: 'form',
  passkey_wrong: 'form',
  link_gone: 'form',
  expired: 'form',
  failed: 'form',
  not_saved: 'form',
} as const

/** Returns the input and fault of the last try, which the handler kept for this page. */
async function lastTry(error: string | null): Promise<FormState> {
  if (!error || !Object.hasOwn(FIELD_OF, error)) return { values: {}, errors: {} }
  const code = error as keyof typeof FIELD_OF
  const { email, seconds } = readFlash((await cookies()).get(cookieName('antam-flash'))?.value)
  const t = await getTranslations('faults.sign_in')
  const words = t(code, { minutes: Math.max(1, Math.ceil(seconds / 60)) })
  const field = FIELD_OF[code]
  return {
    values: { email },
    errors: field === 'form' ? {} : { [field]: words },
    ...(field === 'form' && { notice: words }),
  }
}

function readFlash(value: string | undefined): { email: string; seconds: number } {
  try {
    const { email, seconds } = JSON.parse(value ?? '{}')
    return { email: String(email ?? ''), seconds: Number(seconds) || 0 }
  } catch {
    return { email: '', seconds: 0 }
  }
}
