import { getTranslations } from 'next-intl/server'

const bold = (words: React.ReactNode) => <b>{words}</b>

/** Returns a tag that links to another site in a new tab, because this page holds typed text. */
const outside = (href: string) => (words: React.ReactNode) => (
  <a href={href} target="_blank" rel="noreferrer">
    {words}
  </a>
)

export async function ImeiHelp() {
  const t = await getTranslations('report.phone')
  return (
    <section className="stack">
      <h2>{t('help')}</h2>
      <BoxLabel label={t('helpPicture')} />
      <p className="text-sm text-soft">{t('helpLabel')}</p>
      <ul className="list-none divide-y divide-line border-y border-line [&>li]:py-3">
        <li>{t.rich('helpBill', { b: bold })}</li>
        <li>
          {t.rich('helpAccount', {
            b: bold,
            google: outside('https://www.google.com/android/find'),
            apple: outside('https://account.apple.com/account/manage'),
          })}
        </li>
        <li>{t.rich('helpSeveral', { b: bold })}</li>
      </ul>
    </section>
  )
}

/** Bars and gaps of the drawn barcode; it encodes nothing. */
const BARS = '2 3 4 2 1 4 3 1 2 2 5 2 1 3 2 4'

const LINES = [
  { y: 40, words: 'IMEI1: 350012340012341', mark: 'first' },
  { y: 104, words: 'IMEI2: 350012340012358', mark: 'second' },
  { y: 168, words: 'S/N: R58W30KX7TB', mark: null },
] as const

/** Draws the label of a phone's box with its two IMEIs framed. Their check digits are wrong, so that they cannot be reported. */
function BoxLabel({ label }: { readonly label: string }) {
  return (
    <svg viewBox="0 0 380 240" role="img" aria-label={label} className="w-full max-w-md rounded-part">
      <rect width="380" height="240" fill="#b89a72" />
      <rect x="16" y="14" width="348" height="212" rx="5" fill="#fdfdfb" />
      {LINES.map(({ y, words, mark }) => (
        <g key={words}>
          <path
            d={`M34 ${y}h${mark === null ? 150 : 290}`}
            stroke="#1b1b1f"
            strokeWidth="26"
            strokeDasharray={BARS}
          />
          <text x="34" y={y + 30} fontSize="15" fill="#1b1b1f">
            {words}
          </text>
          {mark === null ? null : (
            <rect
              x="25"
              y={y - 20}
              width="316"
              height="58"
              rx="6"
              fill="none"
              stroke="#0a7d75"
              strokeWidth="3"
              strokeDasharray={mark === 'second' ? '7 5' : undefined}
            />
          )}
        </g>
      ))}
    </svg>
  )
}
