import { getTranslations } from 'next-intl/server'
import { claimsOf } from '#features/phones/certificates/certificate-paper.tsx'
import { shownCertificate } from '#features/phones/certificates/data.ts'
import { seeOther } from '#http/form-post.ts'
import { arePhonesRegistered } from '#http/phones.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { ownPaper, paperLocale } from '../../own-paper.ts'

export const access = 'holder of a certificate’s code' satisfies Access

/** `GET /api/certificate/{code}?lang=vi|en`: the certificate as a PDF, as long as its page shows it. */
export const GET = routeHandler<{ readonly code: string }>(async (request, params) => {
  const locale = paperLocale(request)
  const now = new Date()
  const found = arePhonesRegistered() ? await shownCertificate(params.code, now) : null
  if (found === null || found.over) return seeOther(missingPath(locale))
  const [t, p] = await Promise.all([
    getTranslations({ locale, namespace: 'phones.certificate' }),
    getTranslations({ locale, namespace: 'phones' }),
  ])
  const { statement, code, token, digest } = found
  const [first = '', second = ''] = statement.ends
  const path = pathFor(locale, { pathname: '/certificate/[code]', params: { code } })
  const props = {
    language: locale,
    words: {
      title: t('title'),
      kind: t('kind'),
      phone: statement.device || p('unnamed'),
      ends: [statement.colour, p('ends', { count: statement.ends.length, first, second })]
        .filter((part) => part !== '')
        .join(' · '),
      claims: await claimsOf(statement, locale),
      notes: [`${t('says')}: ${t('saysText')}`],
      foot: t('until', {
        at: formatInstant(locale, new Date(statement.until), 'stamp'),
        digest: (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' '),
      }),
    },
    scan: {
      link: `${absoluteUrl(path, request.headers)}#${token}`,
      words: `${t('scan')}. ${t('scanText')}`,
      code,
    },
  }
  return ownPaper(request, { owner: found.id, name: 'giay-may', paper: { kind: 'phone', props } }, now)
})
