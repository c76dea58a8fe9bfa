import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import { findLiveKiosk, makePairingCode, signKioskToken } from '#features/kiosks/data.ts'
import { listAgencies } from '#features/ratings/rating/data.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { awaitKioskDeviceAction } from '../actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-kiosk.staff', 'sheet')

export default async function KioskSheetPage({ params }: PageProps<'/[locale]/admin/survey/kiosks/[kiosk]'>) {
  const staff = await requireStaff(access)
  const now = new Date()
  const [{ kiosk: id }, locale, t] = await Promise.all([
    params,
    getLocale(),
    getTranslations('survey-kiosk.staff'),
  ])
  const kiosk = z.uuid().safeParse(id).success ? await findLiveKiosk(staff, id, now) : null
  if (kiosk === null) redirect(pathFor(locale, '/admin/survey/kiosks'))
  const agency = (await listAgencies(now)).find((one) => one.id === kiosk.agencyId)
  const code = makePairingCode(kiosk, now)
  const query = { kiosk: signKioskToken(kiosk) }
  const path = pathFor(locale, { pathname: '/rate/[agency]', params: { agency: kiosk.agencyId }, query })
  return (
    <div className="stack-l max-w-measure">
      <PageHeader
        kicker={locale === 'vi' ? agency?.nameVi : agency?.nameEn}
        title={t('sheetTitle', { counter: kiosk.counter })}
        lead={t('sheetLead')}
      />
      <section className="stack print-hidden" aria-labelledby="pairing">
        <h2 id="pairing">{t('codeTitle')}</h2>
        {code === null ? (
          <p>{t(kiosk.publicKey === null ? 'codeGone' : 'pairedText')}</p>
        ) : (
          <>
            <p className="num text-3xl font-semibold" data-kiosk-code={code}>
              {code.slice(0, 4)} {code.slice(4)}
            </p>
            <p>{t('codeUntil', { time: formatInstant(locale, kiosk.pairingUntil ?? now, 'time') })}</p>
          </>
        )}
        {code === null ? (
          <ActionForm action={awaitKioskDeviceAction}>
            <HiddenField name="kioskId" value={kiosk.id} />
            <SubmitButton look={kiosk.publicKey === null ? 'primary' : 'danger'}>{t('newCode')}</SubmitButton>
          </ActionForm>
        ) : null}
      </section>
      <QrCode value={absoluteUrl(path, await headers())} label={t('qr')} size={300} />
      <p className="actions print-hidden">
        <a className="button" data-look="primary" href={path} rel="nofollow" data-kiosk-link={path}>
          {t('open')}
        </a>
        <PrintButton>{t('print')}</PrintButton>
      </p>
      <p className="print-hidden">
        <Link href="/admin/survey/kiosks">{t('back')}</Link>
      </p>
    </div>
  )
}
