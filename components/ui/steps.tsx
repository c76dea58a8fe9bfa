import { getTranslations } from 'next-intl/server'

export async function Steps({
  current,
  total,
  name,
  between = false,
}: {
  /** From 1. */
  readonly current: number
  readonly total: number
  /** The subject of this step, in a word or two. */
  readonly name: string
  /** True on a page after `current` that is no step of its own: `current` is done, and none is counted twice. */
  readonly between?: boolean
}) {
  const t = await getTranslations('common')
  const done = between ? current : current - 1
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
      <svg width={total * 31 - 5} height="6" aria-hidden="true">
        {Array.from({ length: total }, (_, index) => index + 1).map((step) => (
          <rect
            key={step}
            x={(step - 1) * 31}
            width="26"
            height="6"
            rx="3"
            className={step <= done ? 'fill-teal' : step === current ? 'fill-saffron' : 'fill-line'}
          />
        ))}
      </svg>
      <span>{t(between ? 'stepBetween' : 'step', { step: current, total, name })}</span>
    </div>
  )
}
