import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { allUnits, unitContact, unitsInForce } from '#features/areas/data.ts'
import { UnitLines } from '#features/areas/unit-lines.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { openNotice } from '#features/recovery/acts.ts'
import { type HolderPage, isRecoveryOn } from '#features/recovery/data.ts'
import { clientAddress } from '#http/address.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { choosePostAction } from '../actions.ts'

export const access = 'anybody' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('recovery.page'))('title'), robots: { index: false, follow: false } }
}

/** Tells a phone's holder which phone it is and how to hand it in, by the code that their carrier passed on. */
export default async function HolderNoticePage({
  params,
}: {
  readonly params: Promise<{ readonly code: string }>
}) {
  const locale = await getLocale()
  if (!isRecoveryOn()) notFoundPage(locale)
  const [t, { code }] = await Promise.all([getTranslations('recovery.page'), params])
  const opened = await openNotice(decodeURIComponent(code), clientAddress(await headers()), new Date())
  if (!opened.ok) {
    const often = typeof opened.error === 'object' ? opened.error : null
    return (
      <div className="stack-l max-w-measure" data-hand-in={often ? 'often' : 'unknown'}>
        <PageHeader title={t(often ? 'often' : 'unknown')} />
        <p>{often ? t('oftenText', often) : t('unknownText')}</p>
        <p>{t('noCode')}</p>
        <p>
          <ButtonLink href="/hand-in" look="quiet">
            {t('again')}
          </ButtonLink>
        </p>
      </div>
    )
  }
  const phone = opened.value
  return (
    <div className="stack-l max-w-measure" data-hand-in={phone.handedInAt ? 'handed_in' : 'open'}>
      <PageHeader
        title={t(phone.handedInAt ? 'receipt' : 'phoneTitle')}
        lead={phone.handedInAt ? t('receiptLead') : t('phoneLead')}
      />
      <SummaryList
        rows={[
          {
            key: 'phone',
            term: t('phone'),
            value: t('phoneIs', { device: phone.device ?? 'none', ending: phone.ending }),
          },
          {
            key: 'sent',
            term: t('sent'),
            value: t('sentBy', {
              carrier: phone.carrier,
              at: formatInstant(locale, phone.calledAt, 'moment'),
            }),
          },
          ...(phone.handedInAt
            ? [
                {
                  key: 'handed-in',
                  term: t('handedIn'),
                  value: t('handedInAt', {
                    at: formatInstant(locale, phone.handedInAt, 'moment'),
                    unit: (await nameOf(phone.handedInAtId, locale)) ?? t('city'),
                  }),
                },
              ]
            : []),
          { key: 'code', term: t('code'), value: phone.code },
        ]}
      />
      {phone.handedInAt ? (
        <p className="actions">
          {phone.receipt === null ? null : (
            <a className="button" href={`/api/hand-in/${phone.code}?lang=${locale}`} rel="nofollow" download>
              {t('pdf')}
            </a>
          )}
          <PrintButton>{t('print')}</PrintButton>
        </p>
      ) : (
        <HowTo phone={phone} />
      )}
    </div>
  )
}

const nameOf = async (unitId: string | null, locale: string): Promise<string | null> => {
  const [words, units] = await Promise.all([getTranslations('common.unit'), allUnits()])
  const unit = units.find(({ id }) => id === unitId)
  return unit ? words('police', { area: locale === 'en' ? unit.nameEn : unit.nameVi }) : null
}

/**
 * Asks for the police post where the holder will bring the phone. Explains what happens there and what to do with their own
 * phone.
 */
async function HowTo({ phone }: { readonly phone: HolderPage }) {
  const locale = (await getLocale()) === 'en' ? 'en' : 'vi'
  const [t, words, units] = await Promise.all([
    getTranslations('recovery.page'),
    getTranslations('common.unit'),
    unitsInForce(),
  ])
  const name = (one: (typeof units)[number]) =>
    words('police', { area: locale === 'en' ? one.nameEn : one.nameVi })
  const chosen = units.find(({ id }) => id === phone.unitId)
  return (
    <>
      {chosen === undefined ? null : (
        <Card>
          <h2>{t('bringTo', { unit: name(chosen) })}</h2>
          <UnitLines
            unit={{ name: name(chosen), ...(await unitContact(chosen.id, locale)) }}
            hotline={citySettings().hotline}
          />
          <p>{t('bring')}</p>
        </Card>
      )}
      <ul className="prose">
        <li>{t('noQuestions')}</li>
        <li>{t('paper')}</li>
        <li>{t('seller')}</li>
        <li>{t('noMoney')}</li>
        <li>{t.rich('mine', { link: (words) => <Link href="/blocked">{words}</Link> })}</li>
      </ul>
      <ActionForm action={choosePostAction} className="stack" initial={{ unitId: phone.unitId ?? '' }}>
        <HiddenField name="holderCode" value={phone.code} />
        <Select
          name="unitId"
          label={t('post')}
          placeholder={t('choose')}
          options={units.map((one) => ({ value: one.id, label: name(one) }))}
        />
        <p className="actions">
          <SubmitButton look={chosen === undefined ? 'primary' : 'quiet'}>
            {t(chosen === undefined ? 'choosePost' : 'otherPost')}
          </SubmitButton>
        </p>
      </ActionForm>
    </>
  )
}
