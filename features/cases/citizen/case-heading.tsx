import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Imei, Num } from '#components/ui/num.tsx'
import type { CarrierCount, Chapter } from '../standing/rules.ts'

export interface Phone {
  readonly brand: string
  readonly model: string
  readonly colour: string
  readonly imeis: readonly string[]
  /** IMEIs that are not blocked, while the others are. */
  readonly waiting: readonly string[]
}

interface CaseHeadingProps extends Headed {
  readonly number: string
  readonly count: CarrierCount
  /** Null without full access. */
  readonly phone: Phone | null
  /** Police imported the case, so it never had a secret. */
  readonly imported: boolean
  readonly earlier: string | null
}

export async function CaseHeading({
  number,
  chapter,
  temporary,
  waitsForOther,
  count,
  phone,
  imported,
  earlier,
}: CaseHeadingProps) {
  const t = await getTranslations('case')
  return (
    <header className="stack">
      <p className="flex max-w-none flex-wrap items-center gap-x-2 gap-y-1 text-soft">
        {t('page.kicker')} <Num value={number} copy className="font-semibold text-ink" />
      </p>
      <h1>
        {t(`headline.${headlineOf({ chapter, temporary, waitsForOther, count })}`, {
          ...count,
          sent: count.total - count.queued,
        })}
      </h1>
      {phone === null ? <StatusOnly number={number} imported={imported} /> : <PhoneLine phone={phone} />}
      {earlier === null ? null : (
        <p className="text-sm text-soft">{t('page.earlier', { number: earlier })}</p>
      )}
    </header>
  )
}

async function PhoneLine({ phone }: { readonly phone: Phone }) {
  const t = await getTranslations('case.page')
  const name = [phone.brand, phone.model].filter(Boolean).join(' ')
  return (
    <div className="space-y-1">
      {name === '' && phone.colour === '' ? null : (
        <p>
          {t('device', { phone: name, colour: phone.colour === '' ? 'none' : phone.colour.toLowerCase() })}
        </p>
      )}
      <ul className="list-none space-y-1.5">
        {phone.imeis.length === 0 ? (
          <li data-imei-unknown>
            <span className="text-soft">{t('imeis')}</span> {t('imeiUnknown')}
          </li>
        ) : null}
        {phone.imeis.map((imei) => (
          <li key={imei} className="flex flex-wrap items-center gap-x-2">
            <span className="text-soft max-sm:sr-only">{t('imeis')}</span>
            <Imei value={imei} copy />
            {phone.waiting.includes(imei) ? (
              <span className="text-sm font-semibold text-saffron-deep" data-imei-waits={imei}>
                {t('imeiWaits')}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  )
}

async function StatusOnly({ number, imported }: Pick<CaseHeadingProps, 'number' | 'imported'>) {
  const t = await getTranslations('case.page')
  if (imported) return <p data-without-secret>{t('statusImported')}</p>
  return (
    <p>
      {t('statusOnly')} <Link href={{ pathname: '/track', query: { number } }}>{t('statusOnlyLink')}</Link>
    </p>
  )
}

interface Headed {
  readonly chapter: Chapter
  /** A temporary block is in force while police check the case. */
  readonly temporary: boolean
  /** True when the officer who filed the case has it, and so cannot verify it. */
  readonly waitsForOther: boolean
  readonly count: Pick<CarrierCount, 'queued' | 'total'>
}

/** Returns the headline of a case, as its key in the messages. An order that is not sent yet is not called sent. */
export function headlineOf({ chapter, temporary, waitsForOther, count: { queued, total } }: Headed) {
  if (temporary) return queued < total ? 'temporary' : 'temporary_queued'
  if (chapter === 'under_review' && waitsForOther) return 'under_review_filer'
  if ((chapter !== 'blocking' && chapter !== 'unblocking') || queued === 0) return chapter
  return queued === total ? (`${chapter}_queued` as const) : (`${chapter}_part` as const)
}
