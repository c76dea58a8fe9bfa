import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SimRule } from '#components/help/sim-rule.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { maskContact } from '#features/cases/contacts/rules.ts'
import { type CaseNumber, spellCaseNumber } from '#features/cases/numbers/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { CaseSecret } from '#features/cases/unlock/rules.ts'
import { CallLines } from '#features/hotlines/lines.tsx'
import type { Bank } from '#features/lookup-tables/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { ReceiptQr } from './receipt-on-paper.tsx'

export async function ReceiptFolds(props: {
  readonly number: CaseNumber
  readonly secret: CaseSecret
  readonly link: string
  readonly until: Instant | null
  readonly contact: Contact | null
  readonly banks: readonly Bank[]
  readonly subscriberBasis: string
  readonly next: ReactNode
  readonly crime: ReactNode
  /** The proof in the audit log, and the offer to add the case to a list; null if there is none. */
  readonly proof: ReactNode
  readonly offer: ReactNode
  readonly another: ReactNode
}) {
  const { number, secret, link, until } = props
  const [t, contacts, words, locale] = await Promise.all([
    getTranslations('report.receipt'),
    getTranslations('case.contacts'),
    getTranslations('common'),
    getLocale(),
  ])
  const copy = (value: string) => <CopyButton value={value} label={words('copy')} done={words('copied')} />
  return (
    <div className="folds">
      <Details summary={t('fold.next')} look="row">
        {props.next}
      </Details>
      <Details summary={t('fold.another')} look="row">
        {props.another}
      </Details>
      <Details summary={t('fold.call')} look="row">
        <CallLines banks={props.banks} />
      </Details>
      <Details summary={t('simTitle')} look="row">
        <SimRule basis={props.subscriberBasis} />
      </Details>
      <Details summary={t('fold.spell')} look="row">
        <p>{t('spelled', { spelled: spellCaseNumber(number, locale) })}</p>
      </Details>
      {props.contact === null ? null : (
        <Details summary={contacts('newNumberTitle')} look="row">
          <p>
            {contacts.rich('newNumberText', {
              contact: maskContact(props.contact),
              open: (words) => <Link href={{ pathname: '/track', query: { number } }}>{words}</Link>,
            })}
          </p>
        </Details>
      )}
      <Details summary={t('crimeTitle')} look="row">
        {props.crime}
      </Details>
      <Details summary={t('fold.more')} look="row">
        <p>{t('moreText')}</p>
      </Details>
      <Details summary={t('fold.print')} look="row">
        <p id="print">{t('printText')}</p>
        <p className="actions">
          <a className="button" data-look="quiet" href={`/api/receipt/${number}?lang=${locale}`} download>
            <Icon name="download" />
            {t('pdf')}
          </a>
        </p>
        <p className="flex flex-wrap items-center gap-2 text-sm">
          {t('number')} {copy(number)}
        </p>
        <p className="flex flex-wrap items-center gap-2 text-sm">
          {t('secret')} {copy(secret)}
        </p>
        <ReceiptQr number={number} link={link} />
        {until === null ? null : (
          <p className="text-sm text-soft">{t('again', { until: formatInstant(locale, until, 'moment') })}</p>
        )}
      </Details>
      {props.proof === null ? null : (
        <Details summary={t('fold.proof')} look="row">
          {props.proof}
        </Details>
      )}
      {props.offer}
    </div>
  )
}
