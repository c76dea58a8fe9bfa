import { headers } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { CertificatePaper } from '#features/phones/certificates/certificate-paper.tsx'
import { shownCertificate } from '#features/phones/certificates/data.ts'
import { openHandover } from '#features/phones/handovers/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { arePhonesRegistered, openedPhones } from '#http/phones.ts'
import { absoluteUrl } from '#http/public-url.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { acceptPhoneAction } from '../actions.ts'

export const access = 'holder of a certificate’s code' satisfies Access

export const generateMetadata = titled('phones.certificate', 'title', { robots: { index: false } })

/** Shows the phone's status at the minute when the paper was made, to readers with the paper's code, for 24 hours only. */
export default async function CertificatePage({ params }: PageProps<'/[locale]/certificate/[code]'>) {
  const locale = await getLocale()
  if (!arePhonesRegistered()) notFoundPage(locale)
  const now = new Date()
  const { code } = await params
  const [t, found, scope] = await Promise.all([
    getTranslations('phones.certificate'),
    shownCertificate(decodeURIComponent(code), now),
    openedPhones(now),
  ])
  if (found === null || found.over)
    return (
      <div className="stack-l max-w-measure" data-certificate-result={found === null ? 'unknown' : 'over'}>
        <h1>{t(found === null ? 'unknown' : 'over')}</h1>
        <p>
          {found === null
            ? t('unknownText')
            : t('overText', { at: formatInstant(locale, found.until, 'stamp') })}
        </p>
        <p>
          <ButtonLink href="/certificate" look="quiet">
            {(await getTranslations('phones.check'))('title')}
          </ButtonLink>
        </p>
      </div>
    )
  const isOwn = scope?.registrantId === found.phone.registrantId
  const path = pathFor(locale, { pathname: '/certificate/[code]', params: { code: found.code } })
  const scanned = `${absoluteUrl(path, await headers())}#${found.token}`
  const waits = isOwn ? await openHandover(found.phoneId) : null
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-9 lg:grid-cols-[minmax(0,32rem)_minmax(0,1fr)]">
      <div className="stack-l" data-certificate-result="right">
        {isOwn ? (
          <p className="print-hidden">
            <Link href="/my-phones">{t('back')}</Link>
          </p>
        ) : null}
        {waits === null ? null : (
          <Notice tone="ok">
            <p>{t('waits')}</p>
          </Notice>
        )}
        <CertificatePaper {...found} scanned={scanned} now={now} />
        <p className="actions print-hidden">
          <PrintButton>{t('print')}</PrintButton>
          <a
            className="button"
            data-look="quiet"
            href={`/api/certificate/${found.code}?lang=${locale}`}
            rel="nofollow"
          >
            {t('pdf')}
          </a>
          <ButtonLink href="/check" look="quiet">
            {t('present')}
          </ButtonLink>
        </p>
      </div>
      <div className="stack-l print-hidden">
        {isOwn ? (
          <p>{t('own')}</p>
        ) : (
          <section className="stack">
            <h2>{t('accept')}</h2>
            <p className="text-soft">{t('acceptText')}</p>
            {scope === null ? (
              <>
                <p>{t('enterText')}</p>
                <p>
                  <ButtonLink href={{ pathname: '/my-phones', query: { for: found.code } }}>
                    {t('enter')}
                  </ButtonLink>
                </p>
              </>
            ) : (
              <Accept code={found.code} />
            )}
          </section>
        )}
        <section className="stack">
          <h2>{t('before')}</h2>
          <ol className="list-decimal ps-5">
            <li>{t('before1')}</li>
            <li>{t('before2')}</li>
            <li>{t('before3')}</li>
          </ol>
        </section>
        <section className="stack">
          <h2>{t('says')}</h2>
          <p>{t('saysText')}</p>
        </section>
      </div>
    </div>
  )
}

async function Accept({ code }: { readonly code: string }) {
  const [t, form] = await Promise.all([getTranslations('phones.certificate'), getTranslations('phones.form')])
  return (
    <ActionForm action={acceptPhoneAction} className="stack">
      <HiddenField name="certificate" value={code} />
      <Checkbox
        name="consentRegistration"
        label={form('consentRegistration')}
        hint={form('consentRegistrationHint')}
      />
      <p>
        <SubmitButton>{t('enter')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
