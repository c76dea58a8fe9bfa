import { type NextRequest, NextResponse } from 'next/server'
import { cookieName, cookieOptions } from '#http/cookies.ts'
import { routeHandler } from '#http/route-handler.ts'
import { type SignInFault, signInFromForm } from '#http/session.ts'
import { withinFailures } from '#http/sign-in-limit.ts'
import { noteSignInTarget } from '#http/sign-in-target.ts'
import type { Access } from '#lib/access/access.ts'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'anybody' satisfies Access

const LARGEST_FORM = 16 * 1024
/** Seconds that the input and its fault are kept for the page to show; never includes the password. */
const FLASH_SECONDS = 300

export const POST = routeHandler(async (sent) => {
  // next-auth needs a NextRequest, which Next passes to every handler.
  const request = sent as NextRequest
  if (Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY) > LARGEST_FORM) {
    return refused(senderLocale(request), null, '', { code: 'wrong' })
  }
  const form = new URLSearchParams(await request.clone().text())
  const locale = form.get('locale') === 'en' ? 'en' : 'vi'
  const wanted = safeRedirectPath(form.get('callbackUrl'))
  const email = form.get('email')?.trim().slice(0, 254) ?? ''

  const passkey = form.get('passkey')
  const result = passkey
    ? await withinFailures(request.headers, () => signInFromForm(request))
    : !email
      ? { fault: { code: 'empty_email' } as const }
      : !form.get('password')
        ? { fault: { code: 'empty_password' } as const }
        : !form.get('otp')?.trim()
          ? { fault: { code: 'empty_otp' } as const }
          : await withinFailures(request.headers, () => signInFromForm(request))
  if ('fault' in result) return refused(locale, wanted, email, result.fault)
  const answer = seeOther(wanted ?? pathFor(locale, '/admin'))
  answer.cookies.delete({ name: cookieName('antam-flash'), ...cookieOptions() })
  noteSignInTarget(answer, wanted)
  // Must come last: the cookie jar above rewrites the header.
  for (const cookie of result.cookies) answer.headers.append('set-cookie', cookie)
  return answer
})

function refused(
  locale: 'vi' | 'en',
  wanted: string | null,
  email: string,
  fault: SignInFault | { readonly code: 'empty_email' | 'empty_password' | 'empty_otp' },
): Response {
  const query = { error: fault.code, callbackUrl: wanted ?? undefined }
  const answer = seeOther(pathFor(locale, { pathname: '/sign-in', query }))
  const seconds = fault.code === 'wait' ? fault.seconds : 0
  answer.cookies.set(cookieName('antam-flash'), JSON.stringify({ email, seconds }), {
    ...cookieOptions(),
    maxAge: FLASH_SECONDS,
  })
  return answer
}

const seeOther = (to: string): NextResponse =>
  new NextResponse(null, { status: 303, headers: { location: to, 'cache-control': 'no-store' } })
